package io.llmaccounting.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import io.llmaccounting.usage.Usage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that the database refuses keeps no other waiting. */
class PoisonIT {
  private static final int POISON = 6_543;
  private static final KnownCalls CALLS = new KnownCalls(5, 10_000);

  @TempDir Path folder;

  @Test
  void landsInTheDeadLettersOnSqlite() throws Exception {
    Path file = folder.resolve("usage.db");
    prove(
        new ProofStore(file.toString(), "", folder.resolve("spool"), ProofStore.Mode.IN_OUTAGES),
        "jdbc:sqlite:" + file,
        "CREATE TRIGGER no_poison BEFORE INSERT ON usage_event WHEN NEW.idempotency_key = 'poison'"
            + " BEGIN SELECT RAISE(ABORT, 'no_poison'); END",
        "DROP TRIGGER no_poison");
  }

  @Test
  void landsInTheDeadLettersOnPostgres() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.quick()) {
      prove(
          new ProofStore(
              server.url(), "poison", folder.resolve("spool"), ProofStore.Mode.IN_OUTAGES),
          server.url() + "?user=postgres",
          """
          CREATE FUNCTION poison.refuse() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION ''no_poison''; END';
          CREATE TRIGGER no_poison BEFORE INSERT ON poison.usage_event FOR EACH ROW
          WHEN (NEW.idempotency_key = 'poison') EXECUTE FUNCTION poison.refuse()
          """,
          "DROP TRIGGER no_poison ON poison.usage_event");
    }
  }

  private static void prove(ProofStore store, String url, String forbid, String allow)
      throws SQLException {
    store.accounting().build().close();
    run(url, forbid);
    try (SqliteSpool spool = SqliteSpool.at(store.spool())) {
      for (int page = 0; page < CALLS.count(); page += 500) {
        spool.append(IntStream.range(page, page + 500).mapToObj(PoisonIT::call).toList(), Map.of());
      }
    }

    SqliteSpool spool = SqliteSpool.at(store.spool());
    try (LlmAccounting accounting = LlmAccounting.builder(store.backend()).spool(spool).build()) {
      Drained.wait(accounting);

      List<DeadLetter> dead = spool.deadLetters().list(0, 10);
      assertThat(dead).singleElement().satisfies(PoisonIT::isThePoison);
      assertThat(Books.ids(store)).hasSize(CALLS.count() - 1).doesNotContain(CALLS.id(POISON));
      assertThat(accounting.admin().verify().differences()).isEmpty();

      run(url, allow);
      assertThat(spool.deadLetters().restore(dead.get(0).position())).isTrue();
      Drained.wait(accounting);
      assertThat(Books.ids(store)).hasSize(CALLS.count()).contains(CALLS.id(POISON));
      assertThat(spool.deadLetters().list(0, 10)).isEmpty();
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
  }

  private static void isThePoison(DeadLetter letter) {
    assertThat(letter.call().usage().id()).isEqualTo(CALLS.id(POISON));
    assertThat(letter.reason()).contains("no_poison");
  }

  private static SpooledCall call(int index) {
    Usage usage = index == POISON ? CALLS.call(index, "poison") : CALLS.call(index);
    return new SpooledCall(usage, false, true, usage.occurredAt());
  }

  private static void run(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
