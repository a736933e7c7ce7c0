package io.llmaccounting.cli.readonly;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testing.postgres.ServerSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As a superuser, and as the role that owns the tables and may do everything with them. */
class ReadOnlyPostgresIT {
  private static final SelectCaps CAPS = new SelectCaps(1_000, Duration.ofSeconds(20));
  private static ServerSchema schema;
  private static String owner;
  private static Connection watching;

  @BeforeAll
  static void fill() throws SQLException {
    schema = ServerSchema.create();
    owner = "owner_of_" + schema.name();
    PostgresServer server = schema.server();
    watching = DriverManager.getConnection(server.url(), server.user(), server.password());
    try (PostgresBackend backend =
            PostgresBackend.connect(
                server.url(),
                server.user(),
                server.password(),
                PostgresSettings.defaults().schema(schema.name()));
        LlmAccounting accounting = LlmAccounting.create(backend)) {
      accounting.track(aCall().in("search").by("alice").costing("0.25").usage());
      accounting.track(aCall().in("search").by("update").usage());
    }
    admin(
        "CREATE SEQUENCE %1$s.mine",
        "CREATE FUNCTION %1$s.writes() RETURNS int LANGUAGE sql VOLATILE AS"
            + " 'DELETE FROM %1$s.usage_event; SELECT 1'",
        "CREATE PROCEDURE %1$s.commits() LANGUAGE plpgsql AS"
            + " 'BEGIN COMMIT; DELETE FROM %1$s.usage_event; END'",
        "CREATE ROLE %2$s LOGIN PASSWORD 'for-tests-only'",
        "GRANT ALL ON SCHEMA %1$s TO %2$s",
        "GRANT ALL ON ALL TABLES IN SCHEMA %1$s TO %2$s",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA %1$s TO %2$s");
  }

  @AfterAll
  static void drop() throws SQLException {
    admin("DROP OWNED BY %2$s", "DROP ROLE %2$s");
    watching.close();
    schema.close();
  }

  private static void admin(String... statements) throws SQLException {
    try (Statement statement = watching.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql.formatted(schema.name(), owner));
      }
    }
  }

  private static ReadOnlyPostgres as(boolean superuser) {
    PostgresServer server = schema.server();
    return new ReadOnlyPostgres(
        superuser
            ? new ReadOnlyPostgres.Place(
                server.url(), server.user(), server.password(), schema.name())
            : new ReadOnlyPostgres.Place(server.url(), owner, "for-tests-only", schema.name()));
  }

  private static Answer ask(boolean superuser, String sql) throws SQLException {
    Answer answer = new Answer();
    as(superuser).ask(sql, CAPS, answer);
    return answer;
  }

  /** Everything that a statement could have left behind. */
  private static List<String> traces() throws SQLException {
    List<String> traces = new ArrayList<>();
    try (Statement statement = watching.createStatement()) {
      for (String sql :
          List.of(
              "SELECT id || coalesce(given_cost, -1)::text FROM %s.usage_event ORDER BY id",
              "SELECT name || active FROM %s.project ORDER BY name",
              "SELECT relname::text || relkind::text FROM pg_class WHERE relnamespace ="
                  + " '%s'::regnamespace ORDER BY relname, relkind",
              "SELECT last_value || is_called::text FROM %s.mine",
              "SELECT oid::text FROM pg_largeobject_metadata ORDER BY oid",
              "SELECT rolname FROM pg_roles ORDER BY rolname",
              "SELECT setting FROM pg_settings WHERE name = 'work_mem'",
              "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND"
                  + " database IS NOT NULL AND pid <> pg_backend_pid()")) {
        try (ResultSet rows = statement.executeQuery(sql.formatted(schema.name()))) {
          while (rows.next()) {
            traces.add(rows.getString(1));
          }
        }
      }
    }
    return traces;
  }

  static List<String> questions() {
    return List.of(
        "SELECT user_name FROM usage_view WHERE user_name = 'update'",
        "select replace(user_name, 'up', 'down') from usage_view where project = 'search'",
        "WITH delete_me AS (SELECT 'insert into; drop' AS x) SELECT x FROM delete_me",
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM"
            + " n",
        "VALUES (1), (2)",
        "TABLE project",
        "SELECT count(*) FROM usage_event;",
        "  SELECT 1 -- ; DELETE FROM usage_event",
        "/* ; DROP TABLE project */ SELECT 1",
        "SELECT 'what?' || $$; DELETE FROM usage_event$$",
        "SELECT id, id FROM usage_view ORDER BY occurred_at DESC, id LIMIT 1",
        "SELECT * FROM denial_view",
        "SELECT at, type FROM audit_view",
        "EXPLAIN SELECT * FROM usage_event",
        "SHOW search_path");
  }

  @ParameterizedTest
  @MethodSource("questions")
  void readingWorks(String sql) throws SQLException {
    assertThat(ask(true, sql).names).isNotEmpty();
    assertThat(ask(false, sql).names).isNotEmpty();
  }

  @Test
  void valuesHaveTheirKinds() throws SQLException {
    Answer answer =
        ask(
            false,
            "SELECT input_tokens, cost_usd, NULL, 1.5::float8, true, '\\x0aff'::bytea, occurred_at,"
                + " 'NaN'::float8, ARRAY[1,2], '{\"a\": 1}'::jsonb, 7::smallint"
                + " FROM usage_view WHERE user_name = 'alice'");

    List<Object> row = answer.rows.get(0);
    assertThat(row.get(0)).isEqualTo(100L);
    assertThat(row.get(1)).isEqualTo(new java.math.BigDecimal("0.250000000"));
    assertThat(row.get(2)).isNull();
    assertThat(row.subList(3, 6)).containsExactly(new java.math.BigDecimal("1.5"), true, "0aff");
    assertThat(row.get(6)).isInstanceOf(Instant.class);
    assertThat(row.subList(7, 11)).containsExactly("NaN", "{1,2}", "{\"a\": 1}", 7L);
  }

  /** Refused for everybody. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM usage_event",
        "DELETE FROM usage_event RETURNING id",
        "UPDATE usage_event SET given_cost = 0",
        "INSERT INTO project (name, active) VALUES ('mine', true) RETURNING name",
        "MERGE INTO project p USING (SELECT 'x' AS n) s ON p.name = s.n WHEN NOT MATCHED THEN"
            + " INSERT (name, active) VALUES ('x', true)",
        "TRUNCATE usage_event",
        "DROP TABLE usage_event",
        "CREATE TABLE mine_too (x int)",
        "CREATE TEMP TABLE mine_too (x int)",
        "SELECT 1 AS x INTO mine_too",
        "CREATE TABLE mine_too AS SELECT 1",
        "SELECT * FROM usage_event FOR UPDATE",
        "LOCK TABLE usage_event",
        "WITH gone AS (DELETE FROM usage_event RETURNING *) SELECT * FROM gone",
        "WITH made AS (INSERT INTO project (name, active) VALUES ('mine', true) RETURNING *) SELECT"
            + " * FROM made",
        "SELECT 1; DELETE FROM usage_event",
        "SELECT 1; COMMIT; DELETE FROM usage_event",
        "COMMIT; DELETE FROM usage_event",
        "ROLLBACK; DELETE FROM usage_event",
        "COMMIT",
        "ROLLBACK",
        "BEGIN READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; COMMIT; DELETE FROM usage_event",
        "SET TRANSACTION READ WRITE",
        "SET transaction_read_only = off",
        "RESET transaction_read_only",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT set_config('transaction_read_only', 'off', false), writes()",
        "SAVEPOINT a",
        "DO $$ BEGIN DELETE FROM usage_event; END $$",
        "DO 'BEGIN COMMIT; DELETE FROM usage_event; END'",
        "CALL commits()",
        "SELECT writes()",
        "SELECT nextval('mine')",
        "SELECT setval('mine', 7)",
        "PREPARE mine AS DELETE FROM usage_event",
        "DEALLOCATE ALL",
        "DISCARD ALL",
        "EXPLAIN ANALYZE DELETE FROM usage_event",
        "EXPLAIN (ANALYZE) INSERT INTO project (name, active) VALUES ('mine', true)",
        "COPY usage_event TO STDOUT",
        "COPY project FROM STDIN",
        "COPY (SELECT 1) TO PROGRAM 'cat > /tmp/llm-accounting-test-written'",
        "COPY project FROM PROGRAM 'echo x'",
        "NOTIFY mine",
        "LISTEN mine",
        "VACUUM",
        "ANALYZE",
        "REINDEX TABLE usage_event",
        "ALTER SYSTEM SET work_mem = '7MB'",
        "ALTER ROLE CURRENT_USER SET work_mem = '7MB'",
        "CREATE ROLE mine",
        "GRANT ALL ON usage_event TO PUBLIC",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/llm-accounting-test-written')",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT pg_reload_conf()",
        "SELECT pg_switch_wal()",
        "SELECT pg_create_restore_point('mine')",
        "SELECT pg_rotate_logfile()",
        "SELECT * FROM dblink('dbname=postgres', 'DELETE FROM usage_event') AS t(x text)",
        "SELECT query_to_xml('DELETE FROM usage_event', true, true, '')",
        "SELECT answer FROM current_setting('no.such.setting') AS answer",
        "$do$; DELETE FROM usage_event; $do$",
        "SELECT 1 $do$; COMMIT; DELETE FROM usage_event; DO $do$ BEGIN END",
        "'; DELETE FROM usage_event; --",
        "",
        ";",
        "-- nothing"
      })
  void nothingIsWrittenWhateverIsTyped(String sql) throws SQLException {
    List<String> before = traces();

    for (boolean superuser : new boolean[] {true, false}) {
      assertThatThrownBy(() -> ask(superuser, sql))
          .as(superuser ? "superuser" : "owner")
          .isInstanceOf(SQLException.class);
    }

    assertThat(traces()).isEqualTo(before);
  }

  /** What is let through, because it ends with the transaction or the connection. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT set_config('work_mem', '7MB', false)",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "SELECT pg_advisory_lock(4711)",
        "SELECT pg_advisory_xact_lock(4711)"
      })
  void whatIsLetThroughLeavesNothingBehind(String sql) throws SQLException {
    List<String> before = traces();

    ask(true, sql);
    ask(false, sql);

    // the server ends a session a little after its connection is closed
    List<String> after = traces();
    for (int tries = 0; tries < 100 && !after.equals(before); tries++) {
      LockSupport.parkNanos(50_000_000);
      after = traces();
    }
    assertThat(after).isEqualTo(before);
    assertThat(ask(false, "SHOW transaction_read_only").rows).containsExactly(List.of("on"));
  }

  @Test
  void aSuperuserBecomesARoleThatOnlyReads() throws SQLException {
    assertThat(ask(true, "SELECT current_user::text").rows)
        .containsExactly(List.of("pg_read_all_data"));
    assertThat(ask(false, "SELECT current_user::text").rows).containsExactly(List.of(owner));
  }

  @Test
  void aSuperuserCannotEndOtherSessionsByAccident() throws SQLException {
    PostgresServer server = schema.server();
    try (Connection victim =
            DriverManager.getConnection(server.url(), server.user(), server.password());
        Statement statement = victim.createStatement();
        ResultSet pid = statement.executeQuery("SELECT pg_backend_pid()")) {
      pid.next();
      String attack = "SELECT pg_terminate_backend(" + pid.getInt(1) + ")";

      assertThatThrownBy(() -> ask(true, attack)).hasMessageContaining("permission denied");
      assertThatThrownBy(() -> ask(false, attack)).hasMessageContaining("permission denied");

      assertThat(victim.isValid(5)).isTrue();
    }
  }

  @Test
  void moreRowsThanAllowedAreLeftOutAndSaidSo() throws SQLException {
    Answer answer = new Answer();

    boolean whole =
        as(false)
            .ask(
                "SELECT generate_series(1, 100000000)",
                new SelectCaps(1_234, Duration.ofSeconds(10)),
                answer);

    assertThat(whole).isFalse();
    assertThat(answer.rows).hasSize(1_234);
    assertThat(
            as(false)
                .ask(
                    "SELECT * FROM generate_series(1, 1000)",
                    new SelectCaps(1_000, Duration.ofSeconds(10)),
                    new Answer()))
        .isTrue();
  }

  @Test
  void aQuestionWithoutEndIsStopped() {
    SelectCaps brief = new SelectCaps(1, Duration.ofMillis(300));

    for (String sql :
        List.of(
            "SELECT pg_sleep(60)",
            "SELECT set_config('statement_timeout', '0', false), pg_sleep(60)",
            "SELECT count(*) FROM generate_series(1, 10000000000)")) {
      assertThatThrownBy(() -> as(false).ask(sql, brief, new Answer()))
          .hasMessageContaining("statement timeout");
    }
  }

  @Test
  void aPasswordIsNotTold() {
    assertThat(
            new ReadOnlyPostgres.Place("jdbc:postgresql://h/d?password=p", "u", "secret", "s")
                .toString())
        .doesNotContain("secret", "password");
  }

  @Test
  @DisplayName("faults G1: rows of any size are in memory a few at a time")
  void manyLargeRowsNeedNoHeapOfTheirSize() throws SQLException {
    long[] read = {0, 0};
    as(false)
        .ask(
            "SELECT repeat('x', 2000000) FROM generate_series(1, 200)",
            new SelectCaps(1_000, Duration.ofMinutes(2)),
            new RowReader() {
              @Override
              public void columns(List<String> names) {}

              @Override
              public void row(Object[] values) {
                read[0]++;
                read[1] += ((String) values[0]).length();
              }
            });

    assertThat(read).containsExactly(200, 400_000_000L);
  }

  @Test
  @DisplayName("faults G1: one value that is too large is told, not an OutOfMemoryError")
  void aRowThatIsTooLargeIsTold() {
    assertThatThrownBy(() -> as(false).ask("SELECT repeat('x', 200000000)", CAPS, new Answer()))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("rows are too large")
        .hasMessageContaining("cut long columns with the function left");
  }
}
