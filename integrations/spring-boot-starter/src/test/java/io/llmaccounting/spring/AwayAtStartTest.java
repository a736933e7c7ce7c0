package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.llmaccounting.LlmAccounting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application whose database is away, and whose pool would wait for it for an hour. */
@Timeout(600)
class AwayAtStartTest {
  private static final int NOBODY = 1;

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(LlmAccountingAutoConfiguration.class))
          .withPropertyValues(
              "llm.accounting.limit-set=test",
              "llm.accounting.limits[0].name=few",
              "llm.accounting.limits[0].metric=requests",
              "llm.accounting.limits[0].max=9",
              "llm.accounting.limits[0].lifetime=true");

  private static HikariDataSource pool(int port) {
    HikariDataSource source = new HikariDataSource();
    source.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port + "/shop");
    source.setUsername("shop");
    source.setConnectionTimeout(Duration.ofHours(1).toMillis());
    return source;
  }

  private void starts(int port, String reason) {
    try (HikariDataSource pool = pool(port)) {
      runner
          .withBean(DataSource.class, () -> pool)
          .run(
              context -> {
                assertThat(context).hasNotFailed();
                assertThat(context.getBean(LlmAccounting.class).health().store().reason())
                    .contains(reason);
              });
    }
  }

  @Test
  void startsWhereNobodyListens() {
    starts(NOBODY, "refused");
  }

  @Test
  void startsWhereNobodyAnswers() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      starts(silent.getLocalPort(), "has not answered");
    }
  }
}
