package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.TimeRange;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Something between us and the server may give each transaction another session. */
class PoolerIT {
  @RegisterExtension final TestSchema schema = TestSchema.create();
  private KeyChangingProxy proxy;

  @BeforeEach
  void open() throws IOException {
    proxy = new KeyChangingProxy(schema.server().url());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
  }

  @Test
  void isKnownByAnotherProcessThatAnswers() throws SQLException {
    try (HikariDataSource direct = pool(schema.server().url());
        HikariDataSource pooled = pool(proxy.url())) {
      assertThat(Pooler.isBetween(direct)).isFalse();
      assertThat(Pooler.isBetween(pooled)).isTrue();
    }
  }

  @Test
  void findsNothingPreparedThatAnotherCouldRun() throws SQLException {
    try (HikariDataSource direct = pool(schema.server().url());
        HikariDataSource pooled = pool(proxy.url())) {
      trackTenTimes(PostgresBackend.connect(direct, schema.settings()));
      trackTenTimes(PostgresBackend.connect(pooled, schema.settings()));

      assertThat(prepared(direct)).isNotEmpty();
      assertThat(prepared(pooled)).isEmpty();
    }
  }

  /** What our pool sets for its sessions otherwise is set for each transaction there. */
  @Test
  void findsNothingSetThatAnotherWouldGet() {
    PostgresServer server = schema.server();

    trackTenTimes(
        PostgresBackend.connect(
            proxy.url(), server.user(), server.password(), schema.settings().poolSize(2)));

    assertThat(schema.rows("SELECT id FROM usage_event")).hasSize(10);
  }

  private static void trackTenTimes(PostgresBackend backend) {
    try (LlmAccounting accounting = LlmAccounting.create(backend)) {
      long before = accounting.report(TimeRange.always()).run().total().calls();
      for (int i = 0; i < 10; i++) {
        accounting.track(aCall().usage());
      }
      assertThat(accounting.report(TimeRange.always()).run().total().calls())
          .isEqualTo(before + 10);
    }
  }

  private static List<List<String>> prepared(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return PostgresServer.rows(connection, "SELECT statement FROM pg_prepared_statements");
    }
  }

  private HikariDataSource pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(schema.server().user());
    config.setPassword(schema.server().password());
    config.setMaximumPoolSize(1);
    return new HikariDataSource(config);
  }
}
