package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.testing.Eventually;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.TokenUsage;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** An application on PostgreSQL whose requests keep every connection while they ask a model. */
class OwnConnectionsIT {
  private static final String OF_APPLICATION = "an-application-with-one-connection";

  private final PostgresServer server = PostgresServer.shared();
  private final String schema = PostgresServer.newSchema();
  private final HikariDataSource pool = pool();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(LlmAccountingAutoConfiguration.class))
          .withPropertyValues("llm.accounting.postgres.schema=" + schema);

  private HikariDataSource pool() {
    HikariDataSource source = new HikariDataSource();
    source.setJdbcUrl(server.url());
    source.setUsername(server.user());
    source.setPassword(server.password());
    source.addDataSourceProperty("ApplicationName", OF_APPLICATION);
    source.setMaximumPoolSize(1);
    return source;
  }

  @AfterEach
  void close() {
    pool.close();
    server.run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  private void asksWhileARequestKeepsTheConnection(ApplicationContextRunner application) {
    application
        .withPropertyValues("llm.accounting.backend=postgresql")
        .run(
            context -> {
              LlmAccounting accounting = context.getBean(LlmAccounting.class);
              assertThat(accounting.limits().list()).isEmpty();
              assertThat(pool.isRunning()).isFalse();
              try (Connection kept = pool.getConnection()) {
                accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(100, 20));
                assertThat(accounting.tail()).hasSize(1);
              }
              assertThat(connections()).isGreaterThan(1);
            });
    Eventually.eventually(
        "its own connections are closed", () -> connections() == (pool.isClosed() ? 0 : 1));
  }

  private long connections() {
    return Long.parseLong(
        server
            .rows(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = '"
                    + OF_APPLICATION
                    + "'")
            .get(0)
            .get(0));
  }

  @Test
  void waitsForNoneOfThem() {
    asksWhileARequestKeepsTheConnection(runner.withBean(DataSource.class, () -> pool));
  }

  @Test
  void waitsForNoneOfThemWhereThePoolIsBehindAnother() {
    asksWhileARequestKeepsTheConnection(
        runner.withBean(DataSource.class, () -> new DelegatingDataSource(pool)));
  }

  @Test
  void sharesThePoolIfToldSo() {
    // one for the ledger and one for those that read
    pool.setMaximumPoolSize(2);
    runner
        .withBean(DataSource.class, () -> pool)
        .withPropertyValues("llm.accounting.postgres.pool-size=0")
        .run(
            context -> {
              LlmAccounting accounting = context.getBean(LlmAccounting.class);
              accounting.begin(CallRequest.to("gpt-5-mini")).succeeded(TokenUsage.of(100, 20));

              assertThat(accounting.tail()).hasSize(1);
              assertThat(connections()).isLessThanOrEqualTo(2);
              assertThat(pool.isRunning()).isTrue();
            });
  }

  @Test
  void sharesAPoolThatConnectsInAWayOfItsOwn() throws SQLException {
    HikariDataSource another =
        new HikariDataSource() {
          @Override
          public String getPassword() {
            return "of the moment";
          }
        };
    try (another) {
      assertThat(OwnConnections.beside(another, 4, new Reach())).isEmpty();
      assertThat(OwnConnections.beside(new DelegatingDataSource(another), 4, new Reach()))
          .isEmpty();
    }
  }
}
