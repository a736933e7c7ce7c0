package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TimeRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A DataSource that belongs to the application. */
class BorrowedConnectionsIT {
  private static final List<String> PARAMETERS =
      List.of(
          "search_path",
          "statement_timeout",
          "lock_timeout",
          "idle_in_transaction_session_timeout",
          "transaction_isolation",
          "transaction_read_only");

  @RegisterExtension final TestSchema schema = TestSchema.create();
  private final HikariDataSource pool = new HikariDataSource(config(schema.server()));

  private static HikariConfig config(PostgresServer server) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url());
    config.setUsername(server.user());
    config.setPassword(server.password());
    config.setMaximumPoolSize(2);
    return config;
  }

  @AfterEach
  void drop() {
    pool.close();
  }

  @Test
  void comeBackAsTheyWereLent() throws SQLException {
    ManualClock clock = ManualClock.create();
    List<String> before = parameters();
    try (LlmAccounting accounting =
        LlmAccounting.builder(PostgresBackend.connect(pool, schema.settings().clock(clock)))
            .clock(clock)
            .build()) {
      accounting.limits().save(Limit.named("l").requests(5).lifetime());
      accounting.track(aCall().usage());

      assertThat(accounting.report(TimeRange.always()).run().total().calls()).isEqualTo(1);
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }

    assertThat(parameters()).isEqualTo(before);
    assertThat(pool.isClosed()).isFalse();
  }

  /** faults C1: the pool is the application's own, of whatever version its HikariCP is. */
  @Test
  void aPoolWithNothingLeftIsBusyAndNotAway() throws SQLException {
    HikariConfig config = config(schema.server());
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    try (HikariDataSource small = new HikariDataSource(config);
        PostgresBackend backend = PostgresBackend.connect(small, schema.settings());
        Connection taken = small.getConnection()) {
      assertThat(taken.isValid(1)).isTrue();

      BackendException failure =
          catchThrowableOfType(BackendException.class, () -> backend.ledger().holds());

      assertThat(failure.kind()).isEqualTo(BackendException.Kind.BUSY);
    }
  }

  private List<String> parameters() throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection one = pool.getConnection();
        Connection other = pool.getConnection()) {
      for (Connection connection : List.of(one, other)) {
        assertThat(connection.getAutoCommit()).isTrue();
        for (String parameter : PARAMETERS) {
          values.add(PostgresServer.rows(connection, "SHOW " + parameter).get(0).get(0));
        }
      }
    }
    return values;
  }
}
