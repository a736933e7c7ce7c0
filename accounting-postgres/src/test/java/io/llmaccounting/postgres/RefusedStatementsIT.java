package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.Health;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlSession;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Statements that a server does not run, whatever is asked with them: no outage of the store. */
class RefusedStatementsIT {
  private static final String UNSUPPORTED = "DO $$ BEGIN RAISE feature_not_supported; END $$";

  @RegisterExtension final TestSchema schema = TestSchema.create();

  @ParameterizedTest
  @ValueSource(strings = {UNSUPPORTED, "SELECT FROM WHERE"})
  void areRejected(String sql) {
    BackendException failure =
        catchThrowableOfType(
            BackendException.class, () -> starting("").write(session -> run(session, sql)));

    assertThat(failure.kind()).isEqualTo(BackendException.Kind.REJECTED);
    assertThat(failure).hasMessageContaining("does not run a statement of this library");
  }

  /** A replica says so with the state of a statement that is not supported. */
  @Test
  void aTransactionThatCannotBeginMeetsAServerThatTakesNoWrites() {
    BackendException failure =
        catchThrowableOfType(
            BackendException.class, () -> starting(UNSUPPORTED).write(session -> true));

    assertThat(failure.kind()).isEqualTo(BackendException.Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("connect to the server that takes writes");
  }

  @Test
  void neverOpenTheBreaker() {
    schema.run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE feature_not_supported; END'; CREATE TRIGGER refusing BEFORE INSERT"
            + " ON usage_rollup FOR EACH ROW EXECUTE FUNCTION refuse()");
    try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
      for (int i = 0; i < 20; i++) {
        BackendException failure =
            catchThrowableOfType(BackendException.class, () -> accounting.track(aCall().usage()));
        assertThat(failure.kind()).isEqualTo(BackendException.Kind.REJECTED);
      }

      assertThat(accounting.health().store().breaker()).isEqualTo(Health.Breaker.CLOSED);
    }
  }

  private PostgresConnections starting(String opening) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(schema.server().url());
    source.setUser(schema.server().user());
    source.setPassword(schema.server().password());
    return new PostgresConnections(
        source,
        new PostgresDialect(schema.name(), Shards.single()),
        new TransactionStart(opening, opening));
  }

  private static boolean run(SqlSession session, String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      return statement.execute(sql);
    }
  }
}
