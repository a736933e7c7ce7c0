package io.llmaccounting.cli.readonly;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadOnlySqliteTest {
  private static final SelectCaps CAPS = new SelectCaps(1_000, Duration.ofSeconds(10));

  @TempDir static Path folder;
  private static Path file;

  @BeforeAll
  static void fill() {
    file = folder.resolve("usage.db");
    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      accounting.track(aCall().in("search").by("alice").costing("0.25").usage());
      accounting.track(aCall().in("search").by("update").usage());
    }
  }

  private Answer ask(String sql) throws SQLException {
    Answer answer = new Answer();
    new ReadOnlySqlite(file).ask(sql, CAPS, answer);
    return answer;
  }

  /** Every file of the folder with what is in it, SQLite's own book-keeping beside it apart. */
  private TreeMap<String, String> files() throws Exception {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        String name = one.getFileName().toString();
        boolean empty = name.endsWith("-wal") && Files.size(one) == 0;
        if (!name.endsWith("-shm") && !empty) {
          byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(one));
          files.put(name, HexFormat.of().formatHex(hash));
        }
      }
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT user_name FROM usage_view WHERE user_name = 'update'",
        "select replace(user_name, 'up', 'down') from usage_view where project = 'search'",
        "WITH delete_me AS (SELECT 'insert into; drop' AS x) SELECT x FROM delete_me",
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM"
            + " n",
        "VALUES (1), (2)",
        "SELECT count(*) FROM usage_event;",
        "  SELECT 1 -- ; DELETE FROM usage_event",
        "/* ; DROP TABLE project */ SELECT 1 ; ",
        "SELECT id, id FROM usage_view ORDER BY occurred_at DESC, id LIMIT 1",
        "SELECT * FROM pragma_table_info('usage_event')",
        "SELECT * FROM denial_view UNION ALL SELECT 'a', 'b', 'c', 1, 2, 'd'",
        "SELECT at, type FROM audit_view"
      })
  void readingWorks(String sql) throws SQLException {
    assertThat(ask(sql).names).isNotEmpty();
  }

  @Test
  void valuesHaveTheirKinds() throws SQLException {
    Answer answer =
        ask(
            "SELECT input_tokens, cost_usd, NULL, 1.5, x'0aff', occurred_at, 1e308 * 10"
                + " FROM usage_view WHERE user_name = 'alice'");

    assertThat(answer.rows.get(0).subList(0, 5))
        .isEqualTo(
            Arrays.asList(100L, "0.250000000", null, new java.math.BigDecimal("1.5"), "0aff"));
    assertThat((String) answer.rows.get(0).get(5)).endsWith("Z");
    assertThat(answer.rows.get(0).get(6)).isEqualTo("Infinity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM usage_event",
        "UPDATE usage_event SET given_cost = 0",
        "INSERT INTO project (name, active) VALUES ('mine', 1)",
        "INSERT INTO project (name, active) VALUES ('mine', 1) RETURNING name",
        "REPLACE INTO settings VALUES ('limit_id', 7)",
        "DROP TABLE usage_event",
        "CREATE TABLE mine (x)",
        "CREATE TEMP TABLE mine (x)",
        "ALTER TABLE project ADD COLUMN mine",
        "WITH gone AS (SELECT 1) DELETE FROM usage_event",
        "WITH gone AS (DELETE FROM usage_event RETURNING *) SELECT * FROM gone",
        "SELECT 1; DELETE FROM usage_event",
        "SELECT 1;; DELETE FROM usage_event",
        "SELECT 1; -- \nDELETE FROM usage_event",
        "SELECT 1) ; DELETE FROM usage_event; SELECT (1",
        "SELECT 1) ; DELETE FROM usage_event; --",
        "SELECT 1 FROM (SELECT 2) ; DELETE FROM usage_event; SELECT 1 FROM (SELECT 2)",
        "BEGIN; DELETE FROM usage_event; COMMIT",
        "COMMIT",
        "PRAGMA query_only = 0",
        "PRAGMA query_only = 0; DELETE FROM usage_event",
        "SELECT 1; PRAGMA query_only = 0; DELETE FROM usage_event",
        "PRAGMA writable_schema = 1",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA user_version = 7",
        "PRAGMA trusted_schema = 1",
        "ATTACH 'other.db' AS other",
        "ATTACH 'file:other.db?mode=rwc' AS other",
        "VACUUM",
        "VACUUM INTO 'copy.db'",
        "REINDEX",
        "ANALYZE",
        "SELECT load_extension('mine.so')",
        "SELECT writefile('mine', 'x')",
        "SELECT readfile('/etc/passwd')",
        "SELECT * FROM (DELETE FROM usage_event RETURNING *)",
        "EXPLAIN DELETE FROM usage_event",
        "",
        ";",
        "-- nothing"
      })
  void nothingIsWrittenWhateverIsTyped(String sql) throws Exception {
    TreeMap<String, String> before = files();

    assertThatThrownBy(() -> ask(sql.replace("'other.db'", "'" + folder.resolve("o.db") + "'")))
        .isInstanceOf(SQLException.class);

    assertThat(files()).isEqualTo(before);
  }

  /** The same without the look at what was typed: the connection alone keeps it from happening. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRAGMA query_only = 0; DELETE FROM usage_event",
        "PRAGMA query_only = 0; CREATE TABLE mine (x)",
        "PRAGMA query_only = 0; PRAGMA journal_mode = DELETE; DELETE FROM usage_event",
        "PRAGMA query_only = 0; PRAGMA writable_schema = 1; DELETE FROM sqlite_schema",
        "PRAGMA query_only = 0; PRAGMA user_version = 7",
        "PRAGMA query_only = 0; ATTACH '%s/o.db' AS other",
        "PRAGMA query_only = 0; ATTACH 'file:%s/o.db?mode=rwc' AS other",
        "PRAGMA query_only = 0; VACUUM INTO '%s/copy.db'",
        "PRAGMA query_only = 0; SELECT load_extension('%s/mine.so')"
      })
  void theConnectionRefusesByItself(String statements) throws Exception {
    TreeMap<String, String> before = files();
    List<String> each = List.of(statements.replace("%s", folder.toString()).split("; "));

    try (var connection = new ReadOnlySqlite(file).open();
        var statement = connection.createStatement()) {
      assertThatThrownBy(
              () -> {
                for (String sql : each) {
                  statement.execute(sql);
                }
              })
          .isInstanceOf(SQLException.class);
    }

    assertThat(files()).isEqualTo(before);
  }

  @Test
  void moreRowsThanAllowedAreLeftOutAndSaidSo() throws SQLException {
    Answer answer = new Answer();

    boolean whole =
        new ReadOnlySqlite(file)
            .ask(
                "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
                new SelectCaps(17, Duration.ofSeconds(10)),
                answer);

    assertThat(whole).isFalse();
    assertThat(answer.rows).hasSize(17);
    assertThat(
            new ReadOnlySqlite(file)
                .ask("VALUES (1), (2)", new SelectCaps(2, Duration.ofSeconds(1)), answer))
        .isTrue();
  }

  @Test
  void aQuestionWithoutEndIsStopped() {
    SelectCaps short_ = new SelectCaps(1, Duration.ofMillis(200));

    assertThatThrownBy(
            () ->
                new ReadOnlySqlite(file)
                    .ask(
                        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n)"
                            + " SELECT count(*) FROM n",
                        short_,
                        new Answer()))
        .hasMessageContaining("longer than 200ms");
  }

  @Test
  void aFileThatIsBeingWrittenIsReadAllTheSame() throws Exception {
    Path other = folder.resolve("other.db");
    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(other))) {
      accounting.track(aCall().in("later").usage());
      Answer answer = new Answer();

      new ReadOnlySqlite(other).ask("SELECT project FROM usage_view", CAPS, answer);

      assertThat(answer.rows).containsExactly(List.of("later"));
    } finally {
      Files.delete(other);
    }
  }

  @Test
  @DisplayName("faults G1: values are too short for a step that takes half a minute")
  void aLongValueIsRefused() {
    assertThatThrownBy(
            () -> ask("SELECT instr(hex(zeroblob(8000000)), hex(zeroblob(4000000)) || '1')"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("too big");
  }

  @Test
  @DisplayName("faults G1: a step that does not end is left behind")
  void aStepThatTakesLongerThanItMayIsNotWaitedFor() {
    Answer answer = new Answer();
    String slow = "SELECT instr(hex(zeroblob(500000)), hex(zeroblob(250000)) || '1')";

    assertThatThrownBy(
            () ->
                new ReadOnlySqlite(file)
                    .ask(slow, new SelectCaps(1, Duration.ofMillis(50)), answer))
        .isInstanceOf(SQLException.class)
        .hasMessage("it ran longer than 50ms and was stopped");
    assertThat(Thread.getAllStackTraces().keySet())
        .as("still at work when the answer was given up")
        .anyMatch(thread -> thread.getName().equals(Watchdog.WORKER) && thread.isDaemon());
    assertThat(answer.rows).isEmpty();
  }
}
