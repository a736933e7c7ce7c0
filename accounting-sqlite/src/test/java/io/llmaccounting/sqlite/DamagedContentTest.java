package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.usage.Usage;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedContentTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE usage_event SET outcome = 'PERHAPS'",
        "UPDATE usage_event SET model = ''",
        "UPDATE usage_event SET tags = '[1, 2]'",
        "UPDATE usage_event SET extras = '{\"searches\": \"two\"}'",
        "UPDATE usage_event SET tags = 'no JSON at all'",
        "DELETE FROM settings"
      })
  void whatNobodyOfUsWroteIsReportedAsDamage(String meddling) throws Exception {
    Path file = folder.resolve("usage.db");
    Usage usage = aCall().usage();
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      Bookings.record(backend, usage);
      RawDatabase.run(file, meddling);

      BackendException failure =
          catchThrowableOfType(
              BackendException.class,
              () -> {
                backend.limits().revision();
                backend.usage().find(usage.id());
              });

      assertThat(failure.kind()).isEqualTo(Kind.UNUSABLE);
      assertThat(failure).hasMessageContaining("damaged");
    }
  }

  @Test
  void aRollupThatIsFullRefusesNoRecord() throws Exception {
    Path file = folder.resolve("usage.db");
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      Bookings.record(backend, aCall().costing("1").usage());
      RawDatabase.run(file, "UPDATE usage_rollup SET cost = 9223372036854775807");
      Usage second = aCall().costing("1").usage();

      Bookings.record(backend, List.of(second));

      assertThat(backend.usage().find(second.id())).isPresent();
      assertThat(RawDatabase.rows(file, "SELECT DISTINCT cost FROM usage_rollup"))
          .containsExactly(List.of("9223372036854775807"));
    }
  }

  @Test
  void theViewsShowWhatPeopleRead() throws Exception {
    Path file = folder.resolve("usage.db");
    UUID id;
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      Usage usage = aCall().by("alice").costing("0.0379055").tokens(800, 64).usage();
      id = usage.id();
      Bookings.record(backend, usage);
    }

    assertThat(
            RawDatabase.rows(
                file,
                "SELECT id, occurred_at, user_name, input_tokens, output_tokens, cost_usd"
                    + " FROM usage_view"))
        .containsExactly(
            List.of(
                id.toString(), "2026-03-02T09:00:00.000000Z", "alice", "800", "64", "0.037905500"));
  }
}
