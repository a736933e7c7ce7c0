package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitClashException;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.postgres.PostgresSettings.SchemaMode;
import io.llmaccounting.postgres.PostgresSettings.Sharding;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationIT {
  private static final int STARTERS = 6;
  private static final String FIGURES =
      "uncached_input cache_read cache_write_5m cache_write_1h audio_input text_output reasoning"
          + " audio_output reported_total source outcome extras parts given_cost"
          + " reported_cost prefers_computed computed_cost computed_by computed_lower_bound";
  private static final String COLUMNS =
      "SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default"
          + " FROM information_schema.columns WHERE table_schema = '%s'"
          + " AND table_name NOT LIKE 'usage_event_2%%' AND table_name <> '%s' ORDER BY 1, 2";

  private final PostgresServer server = PostgresServer.shared();
  private final String schema = PostgresServer.newSchema();
  private final PostgresSettings settings = PostgresSettings.defaults().schema(schema).poolSize(4);

  @AfterEach
  void drop() {
    server.run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  /** Scenario 42: several starters on an empty database. */
  @Test
  void happensOnceWhenSixProcessesStartAtOnce() throws Exception {
    List<ChildProcess> children = new ArrayList<>();
    try {
      for (int i = 0; i < STARTERS; i++) {
        children.add(
            ChildProcess.of(
                StartingMain.class, server.url(), server.user(), server.password(), schema));
      }
      for (ChildProcess child : children) {
        assertThat(child.line()).isEqualTo("ready");
      }
      for (ChildProcess child : children) {
        child.go();
      }
      for (ChildProcess child : children) {
        assertThat(child.rest()).containsExactly("healthy");
      }
    } finally {
      children.forEach(ChildProcess::close);
    }

    assertThat(history("version, success"))
        .hasSize(PostgresMigrations.CURRENT.version())
        .allMatch(row -> row.get(1).equals("t"));
    assertThat(server.rows("SELECT count(*) FROM " + schema + ".usage_event"))
        .containsExactly(List.of(Integer.toString(STARTERS)));
  }

  @Test
  void makesTheSameTablesAsTheFilesRunByHand() {
    TestSchema.connect(server, settings).close();
    try (TestSchema byHand = TestSchema.create()) {
      assertThat(server.rows(COLUMNS.formatted(schema, PostgresSchema.HISTORY)))
          .isEqualTo(server.rows(COLUMNS.formatted(byHand.name(), "")))
          .isNotEmpty();
    }
  }

  @Test
  void leavesASchemaAloneThatIsUpToDate() {
    TestSchema.connect(server, settings).close();
    server.run("DROP TABLE " + schema + "." + PostgresSchema.HISTORY);

    TestSchema.connect(server, settings).close();

    assertThat(
            server.rows(
                "SELECT to_regclass('%s.%s') IS NULL".formatted(schema, PostgresSchema.HISTORY)))
        .containsExactly(List.of("t"));
  }

  @Test
  void recordsAndRollupsOfVersion3AreTheSameAfterwards() {
    String id;
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      id =
          accounting
              .track()
              .model("m")
              .inputTokens(1)
              .cost(Cost.usd("0.25"))
              .record()
              .id()
              .toString();
    }
    putBackToVersion3();

    try (PostgresBackend backend = TestSchema.connect(server, settings)) {
      assertThat(backend.usage().find(UUID.fromString(id)).orElseThrow().cost())
          .contains(Cost.usd("0.25"));
      assertThat(backend.maintenance().compareRollups()).isEmpty();
    }
    assertThat(
            server.rows(
                "SELECT cost_usd, reported_cost_usd, cost_is_lower_bound FROM %s.usage_view"
                    .formatted(schema)))
        .containsExactly(java.util.Arrays.asList("0.250000000", null, "f"));
  }

  /** faults G9: names that an older version counted keep their rollups when their day fills up. */
  @Test
  void namesOfVersion10KeepTheirRollups() {
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      for (int i = 1; i <= 4; i++) {
        accounting.track().model("m").user("user-" + i).inputTokens(1).record();
      }
    }
    putBackToVersion10();

    PostgresBackend backend = TestSchema.connect(server, settings);
    try (LlmAccounting accounting = LlmAccounting.create(backend)) {
      assertThat(accounting.admin().verify().differences()).isEmpty();
      backend.maintenance().names().change(2);
      for (int i = 5; i <= 8; i++) {
        accounting.track().model("m").user("user-" + i).inputTokens(1).record();
      }
      accounting.track().model("m").user("user-1").inputTokens(1).record();
      assertThat(accounting.admin().verify().differences()).isEmpty();
    }
    assertThat(
            server.rows(
                ("SELECT sum(calls) FROM %s.usage_rollup WHERE family = 1 AND grain = 86400000000"
                        + " AND user_name = 'user-1'")
                    .formatted(schema)))
        .containsExactly(List.of("2"));
  }

  /** Limits of version 11 are those that they were, and can be leased. */
  @Test
  void limitsOfVersion11AreNotLeasedAndCanBe() {
    Limit limit = Limit.named("budget").requests(1_000).lifetime();
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      accounting.limits().save(limit);
      accounting.track().model("m").inputTokens(1).record();
    }
    putBackToVersion11();

    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      assertThat(accounting.limits().list()).containsExactly(limit);
      accounting.limits().save(limit.leased());
      assertThat(accounting.limits().list()).containsExactly(limit.leased());
      assertThat(accounting.limits().status("budget").get(0).used()).isEqualTo(1);
    }
  }

  /** Limits of version 12 were made by hand, and a set can take them over. */
  @Test
  void limitsOfVersion12BelongToNoSetAndCanBeTakenOver() {
    Limit limit = Limit.named("budget").requests(1_000).lifetime();
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      accounting.limits().save(limit);
      accounting.track().model("m").inputTokens(1).record();
    }
    putBackToVersion12();

    LimitSet set = LimitSet.of("code", limit);
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      assertThat(accounting.limits().owned()).containsExactly(new OwnedLimit(limit, null));
      assertThatThrownBy(() -> accounting.limits().apply(set))
          .isInstanceOf(LimitClashException.class);
      accounting.limits().plan(set).takingOver().apply();
      assertThat(accounting.limits().owned()).containsExactly(new OwnedLimit(limit, "code"));
      assertThat(accounting.limits().status("budget").get(0).used()).isEqualTo(1);
    }
  }

  /** A schema of version 13 has no keys, keeps its limits and records, and can have keys. */
  @Test
  void aSchemaOfVersion13KeepsWhatItHasAndTakesKeys() {
    Limit limit = Limit.named("budget").requests(1_000).lifetime();
    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      accounting.limits().save(limit);
      accounting.track().model("m").inputTokens(1).record();
      accounting.directory().addUser("alice");
    }
    putBackToVersion13();

    try (LlmAccounting accounting = LlmAccounting.create(TestSchema.connect(server, settings))) {
      assertThat(accounting.limits().list()).containsExactly(limit);
      assertThat(accounting.limits().status("budget").get(0).used()).isEqualTo(1);
      assertThat(accounting.directory().user("alice")).isPresent();
      assertThat(accounting.access().list(AccessKeyQuery.first(10))).isEmpty();
      assertThat(accounting.credentials().list()).isEmpty();
      IssuedKey issued = accounting.access().issue(AccessTerms.named("ci"));
      assertThat(accounting.access().resolve(issued.secret()).valid()).contains(issued.key());
    }
  }

  private void putBackToVersion15() {
    server.run("DROP TABLE %s.owned_object".formatted(schema));
    server.run("ALTER TABLE %s.usage_event DROP COLUMN asked".formatted(schema));
    server.run(
        "DELETE FROM %s.%s WHERE version::integer > 15".formatted(schema, PostgresSchema.HISTORY));
    setVersion(15);
  }

  private void putBackToVersion13() {
    putBackToVersion15();
    server.run(
        "DROP TABLE %1$s.sink, %1$s.sink_outbox, %1$s.sink_refused, %1$s.access_key, %1$s.provider_credential"
            .formatted(schema));
    server.run(
        "DELETE FROM %s.settings WHERE name IN ('access_revision', 'credential_revision', 'sinks_revision')"
            .formatted(schema));
    server.run(
        "DELETE FROM %s.%s WHERE version::integer > 13".formatted(schema, PostgresSchema.HISTORY));
    setVersion(13);
  }

  private void putBackToVersion12() {
    putBackToVersion13();
    server.run("ALTER TABLE %s.quota_limit DROP COLUMN set_name".formatted(schema));
    server.run(
        "DELETE FROM %s.%s WHERE version::integer > 12".formatted(schema, PostgresSchema.HISTORY));
    setVersion(12);
  }

  private void putBackToVersion11() {
    putBackToVersion12();
    server.run("ALTER TABLE %s.quota_limit DROP COLUMN lease_micros".formatted(schema));
    server.run(
        "DELETE FROM %s.%s WHERE version::integer > 11".formatted(schema, PostgresSchema.HISTORY));
    setVersion(11);
  }

  private void putBackToVersion10() {
    putBackToVersion11();
    server.run("DROP TABLE %1$s.rollup_name, %1$s.rollup_full".formatted(schema));
    server.run(
        "DELETE FROM %s.settings WHERE name IN ('names_per_day', 'names_revision')"
            .formatted(schema));
    server.run(
        "DELETE FROM %s.%s WHERE version::integer > 10".formatted(schema, PostgresSchema.HISTORY));
    setVersion(10);
  }

  private void putBackToVersion3() {
    putBackToVersion10();
    server.run("DROP TABLE %s.usage_change".formatted(schema));
    server.run(
        "DELETE FROM %s.settings WHERE name IN ('changes_kept_until', 'records_revision')"
            .formatted(schema));
    server.run("DROP VIEW %s.usage_view".formatted(schema));
    server.run("DROP INDEX %s.alert_fired_undelivered".formatted(schema));
    server.run("ALTER TABLE %s.quota_limit DROP COLUMN weights".formatted(schema));
    server.run(
        ("ALTER TABLE %s.audit_entry DROP COLUMN seal_salt, DROP COLUMN sealed_digest,"
                + " DROP COLUMN attested_by")
            .formatted(schema));
    server.run(
        ("ALTER TABLE %s.usage_event DROP COLUMN parts, DROP COLUMN reported_cost,"
                + " DROP COLUMN prefers_computed, DROP COLUMN lower_bound, DROP COLUMN speed")
            .formatted(schema));
    server.run("ALTER TABLE %s.usage_adjustment DROP COLUMN lower_bound".formatted(schema));
    for (String column : FIGURES.split(" ")) {
      server.run("ALTER TABLE %s.usage_adjustment DROP COLUMN %s".formatted(schema, column));
    }
    server.run("ALTER TABLE %s.usage_adjustment ALTER COLUMN cost SET NOT NULL".formatted(schema));
    server.run(
        "ALTER TABLE %s.quota_counter DROP COLUMN idle_from, DROP COLUMN idle_as_of"
            .formatted(schema));
    server.run(
        ("ALTER TABLE %s.usage_rollup DROP COLUMN lower_bound, DROP COLUMN reported_cost_count,"
                + " DROP COLUMN reported_cost_sum, DROP COLUMN cost_difference_count,"
                + " DROP COLUMN cost_difference_sum")
            .formatted(schema));
    server.run(
        ("CREATE VIEW %1$s.usage_view AS SELECT e.id,"
                + " timestamptz 'epoch' + e.occurred_at * interval '1 microsecond' AS occurred_at"
                + " FROM %1$s.usage_event e")
            .formatted(schema));
    server.run(
        "DELETE FROM %s.%s WHERE version::integer > 3".formatted(schema, PostgresSchema.HISTORY));
    setVersion(3);
  }

  @Test
  void refusesANewerSchema() {
    TestSchema.connect(server, settings).close();
    setVersion(999);

    assertThatThrownBy(() -> TestSchema.connect(server, settings))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "schema %s is at version 999 but this library knows %d; use a newer library",
            schema, PostgresMigrations.CURRENT.version());
  }

  @Test
  void validatingRefusesAnEmptyDatabaseAndChangesNothing() {
    assertThatThrownBy(() -> TestSchema.connect(server, settings.schemaMode(SchemaMode.VALIDATE)))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "schema %s is at version 0 but this library needs %d; run the migrations or connect"
                + " with SchemaMode.MIGRATE",
            schema, PostgresMigrations.CURRENT.version());
    assertThat(server.rows("SELECT 1 FROM pg_namespace WHERE nspname = '" + schema + "'"))
        .isEmpty();
  }

  @Test
  void modeNoneTrustsWhateverVersionIsThere() {
    TestSchema.connect(server, settings).close();
    setVersion(999);

    try (PostgresBackend backend =
        TestSchema.connect(server, settings.schemaMode(SchemaMode.NONE))) {
      assertThat(backend.limits().load().limits()).isEmpty();
    }
  }

  @Test
  void shardingIsDecidedWhenTheDatabaseIsCreated() {
    TestSchema.connect(server, settings.sharding(Sharding.NONE)).close();

    assertThatThrownBy(() -> TestSchema.connect(server, settings.sharding(Sharding.BY_PROJECT)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("was created with Sharding.NONE, which cannot be changed");
  }

  private void setVersion(int version) {
    server.run(
        "UPDATE %s.settings SET value = %d WHERE name = 'schema_version'"
            .formatted(schema, version));
  }

  private List<List<String>> history(String columns) {
    return server.rows(
        "SELECT %s FROM %s.%s ORDER BY installed_rank"
            .formatted(columns, schema, PostgresSchema.HISTORY));
  }
}
