package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitClashException;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an older version wrote is what this one reads. */
class MigratedDataTest {
  private static final List<String> ADDED =
      List.of(
          "usage_event parts",
          "usage_event reported_cost",
          "usage_event prefers_computed",
          "usage_event lower_bound",
          "usage_event speed",
          "quota_counter idle_from",
          "quota_counter idle_as_of",
          "usage_adjustment lower_bound",
          "usage_rollup lower_bound",
          "usage_rollup reported_cost_count",
          "usage_rollup reported_cost_sum",
          "usage_rollup cost_difference_count",
          "usage_rollup cost_difference_sum",
          "quota_limit weights",
          "audit_entry seal_salt",
          "audit_entry sealed_digest",
          "audit_entry attested_by");

  @TempDir Path folder;

  @Test
  void recordsAndRollupsOfVersion3AreTheSameAfterwards() throws Exception {
    Path file = folder.resolve("usage.db");
    RecordedUsage recorded;
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      recorded = Bookings.record(backend, UsageFixtures.aCall().costing("0.25").usage());
    }
    putBackToVersion3(file);

    try (SqliteBackend backend = SqliteBackend.open(file)) {
      assertThat(backend.usage().find(recorded.usage().id())).contains(recorded);
      assertThat(backend.maintenance().compareRollups()).isEmpty();
    }
    assertThat(
            RawDatabase.rows(
                file, "SELECT cost_usd, reported_cost_usd, cost_is_lower_bound FROM usage_view"))
        .containsExactly(java.util.Arrays.asList("0.250000000", null, "0"));
  }

  /** faults G9: names that an older version counted keep their rollups when their day fills up. */
  @Test
  void namesOfVersion10KeepTheirRollups() throws Exception {
    Path file = folder.resolve("usage.db");
    List<String> before;
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      for (int i = 1; i <= 4; i++) {
        Bookings.record(backend, UsageFixtures.aCall().by("user-" + i).costing("0.25").usage());
      }
      before = users(file);
    }
    putBackToVersion10(file);

    try (SqliteBackend backend = SqliteBackend.open(file)) {
      assertThat(users(file)).isEqualTo(before);
      assertThat(backend.maintenance().names().most()).isEqualTo(100_000);
      backend.maintenance().names().change(2);
      for (int i = 5; i <= 8; i++) {
        Bookings.record(backend, UsageFixtures.aCall().by("user-" + i).usage());
      }
      Bookings.record(backend, UsageFixtures.aCall().by("user-1").usage());
      assertThat(backend.maintenance().compareRollups()).isEmpty();
    }
    assertThat(users(file))
        .containsExactly(
            "(other) 2", "user-1 2", "user-2 1", "user-3 1", "user-4 1", "user-5 1", "user-6 1");
  }

  private static List<String> users(Path file) throws Exception {
    return RawDatabase.rows(
            file,
            "SELECT user_name || ' ' || calls FROM usage_rollup"
                + " WHERE family = 1 AND grain = 86400000000 ORDER BY 1")
        .stream()
        .map(row -> row.get(0))
        .toList();
  }

  /** Limits of version 11 are those that they were, and can be leased. */
  @Test
  void limitsOfVersion11AreNotLeasedAndCanBe() throws Exception {
    Path file = folder.resolve("usage.db");
    Limit limit = Limit.named("budget").requests(1_000).lifetime();
    try (LlmAccounting accounting = accounting(file)) {
      accounting.limits().save(limit);
      accounting.track(call().usage());
    }
    putBackToVersion11(file);

    try (LlmAccounting accounting = accounting(file)) {
      assertThat(accounting.limits().list()).containsExactly(limit);
      accounting.limits().save(limit.leased());
      assertThat(accounting.limits().list()).containsExactly(limit.leased());
      assertThat(accounting.limits().status("budget").get(0).used()).isEqualTo(1);
    }
  }

  /** Limits of version 12 were made by hand, and a set can take them over. */
  @Test
  void limitsOfVersion12BelongToNoSetAndCanBeTakenOver() throws Exception {
    Path file = folder.resolve("usage.db");
    Limit limit = Limit.named("budget").requests(1_000).lifetime();
    try (LlmAccounting accounting = accounting(file)) {
      accounting.limits().save(limit);
      accounting.track(call().usage());
    }
    putBackToVersion12(file);

    LimitSet set = LimitSet.of("code", limit);
    try (LlmAccounting accounting = accounting(file)) {
      assertThat(accounting.limits().owned()).containsExactly(new OwnedLimit(limit, null));
      assertThatThrownBy(() -> accounting.limits().apply(set))
          .isInstanceOf(LimitClashException.class);
      accounting.limits().plan(set).takingOver().apply();
      assertThat(accounting.limits().owned()).containsExactly(new OwnedLimit(limit, "code"));
      assertThat(accounting.limits().status("budget").get(0).used()).isEqualTo(1);
    }
  }

  /** A file of version 13 has no keys, keeps its limits and records, and can have keys. */
  @Test
  void aFileOfVersion13KeepsWhatItHasAndTakesKeys() throws Exception {
    Path file = folder.resolve("usage.db");
    Limit limit = Limit.named("budget").requests(1_000).lifetime();
    try (LlmAccounting accounting = accounting(file)) {
      accounting.limits().save(limit);
      accounting.track(call().usage());
      accounting.directory().addUser("alice");
    }
    putBackToVersion13(file);

    try (LlmAccounting accounting = accounting(file)) {
      assertThat(accounting.limits().list()).containsExactly(limit);
      assertThat(accounting.limits().status("budget").get(0).used()).isEqualTo(1);
      assertThat(accounting.directory().user("alice")).isPresent();
      assertThat(accounting.access().list(AccessKeyQuery.first(10))).isEmpty();
      assertThat(accounting.credentials().list()).isEmpty();
      IssuedKey issued = accounting.access().issue(AccessTerms.named("ci"));
      assertThat(accounting.access().resolve(issued.secret()).valid()).contains(issued.key());
    }
  }

  @Test
  void callsRecordedBeforeSettingsWereKeptAreTheSameCallsNow() throws Exception {
    Path file = folder.resolve("usage.db");
    Usage before = Usage.of("m", ManualClock.START).key("k").inputTokens(1).build();
    Usage next =
        Usage.of("m", ManualClock.START)
            .asked(new RequestSettings(5L, 0.1, null, 2L, "curl/8"))
            .inputTokens(1)
            .build();
    try (LlmAccounting accounting = accounting(file)) {
      accounting.track(before);
    }
    putBackToVersion15(file);

    try (LlmAccounting accounting = accounting(file)) {
      accounting.track(before);
      accounting.track(next);

      assertThat(accounting.tail())
          .extracting(record -> record.usage().details().asked())
          .containsExactlyInAnyOrder(RequestSettings.NONE, next.details().asked());
      assertThat(accounting.admin().verify().isClean()).isTrue();
      assertThat(accounting.ownedObjects().find(List.of("handle"))).isEmpty();
    }
  }

  private static void putBackToVersion15(Path file) throws Exception {
    RawDatabase.run(
        file,
        "DROP TABLE owned_object",
        "ALTER TABLE usage_event DROP COLUMN asked",
        "DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 15");
  }

  private static void putBackToVersion13(Path file) throws Exception {
    putBackToVersion15(file);
    RawDatabase.run(
        file,
        "DROP TABLE sink",
        "DROP TABLE sink_outbox",
        "DROP TABLE sink_refused",
        "DROP TABLE access_key",
        "DROP TABLE provider_credential",
        "DELETE FROM settings WHERE name IN"
            + " ('access_revision', 'credential_revision', 'sinks_revision')",
        "DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 13");
  }

  private static void putBackToVersion12(Path file) throws Exception {
    putBackToVersion13(file);
    RawDatabase.run(
        file,
        "ALTER TABLE quota_limit DROP COLUMN set_name",
        "DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 12");
  }

  private static void putBackToVersion11(Path file) throws Exception {
    putBackToVersion12(file);
    RawDatabase.run(
        file,
        "ALTER TABLE quota_limit DROP COLUMN lease_micros",
        "DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 11");
  }

  private static void putBackToVersion10(Path file) throws Exception {
    putBackToVersion11(file);
    RawDatabase.run(
        file,
        "DROP TABLE rollup_name",
        "DROP TABLE rollup_full",
        "DELETE FROM settings WHERE name IN ('names_per_day', 'names_revision')",
        "DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 10");
  }

  /**
   * faults A1: fingerprints of keys once covered what the library measured; a call that is repeated
   * under its key is a repetition all the same, while its record is there and after it was purged.
   */
  @Test
  void aCallThatAnOlderVersionRecordedIsRepeatedByItsKey() throws Exception {
    Path file = folder.resolve("usage.db");
    Usage call = call().usage();
    try (SqliteBackend backend = SqliteBackend.open(file, settings())) {
      Bookings.record(backend, call);
    }
    putBackToVersion3(file);
    RawDatabase.run(file, "UPDATE usage_key SET fingerprint = x'" + ofVersion3() + "'");

    try (LlmAccounting accounting = accounting(file)) {
      Receipt again = accounting.track(call().usage());
      Receipt slower =
          accounting
              .begin(CallRequest.to("gpt-5-mini").key("job-1"))
              .succeeded(TokenUsage.of(100, 20));
      assertThat(List.of(again, slower))
          .extracting(Receipt::id, Receipt::status)
          .containsOnly(tuple(call.id(), Receipt.Status.DUPLICATE));
      assertThatThrownBy(() -> accounting.track(call().on("other").usage()))
          .isInstanceOf(UsageConflictException.class);

      accounting.admin().purge(ManualClock.START.minus(Duration.ofDays(1))).run();
      assertThatThrownBy(() -> accounting.track(call().usage()))
          .isInstanceOfSatisfying(
              UsageTooOldException.class, e -> assertThat(e.isKnownRepetition()).isTrue());
    }
  }

  private static CallFixture call() {
    return UsageFixtures.aCall()
        .key("job-1")
        .at(ManualClock.START.minus(Duration.ofDays(2)))
        .latency(Duration.ofMillis(450));
  }

  private static SqliteSettings settings() {
    return SqliteSettings.defaults().clock(ManualClock.create());
  }

  private static LlmAccounting accounting(Path file) {
    return LlmAccounting.builder(SqliteBackend.open(file, settings()))
        .clock(ManualClock.create())
        .build();
  }

  // written out as that version did: each value with its length in front, "-" where it is absent
  private static String ofVersion3() throws NoSuchAlgorithmException {
    String text =
        "5:job-1;10:gpt-5-mini;-;-;-;23:100 0 0 0 0 20 0 0 null;8:REPORTED;-;-;-;-;9:SUCCEEDED;"
            + "7:PT0.45S;-;-;-;-;-;-;-;-;5:false;-;-;"
            + "-;-;-;-;-;";
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 16);
  }

  static void putBackToVersion3(Path file) throws Exception {
    putBackToVersion10(file);
    List<String> statements = new ArrayList<>();
    statements.add("DROP TABLE usage_change");
    statements.add("DELETE FROM settings WHERE name IN ('changes_kept_until', 'records_revision')");
    statements.add("DROP VIEW usage_view");
    statements.add("DROP INDEX alert_fired_undelivered");
    for (String column : ADDED) {
      String[] words = column.split(" ");
      statements.add("ALTER TABLE %s DROP COLUMN %s".formatted(words[0], words[1]));
    }
    statements.add("CREATE VIEW usage_view AS SELECT id FROM usage_event");
    statements.add("DELETE FROM " + SqliteSchema.HISTORY + " WHERE CAST(version AS INTEGER) > 3");
    RawDatabase.run(file, statements.toArray(String[]::new));
  }
}
