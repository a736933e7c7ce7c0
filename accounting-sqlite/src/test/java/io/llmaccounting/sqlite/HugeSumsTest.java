package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums that no long holds are refused as what they are, and nothing is half written. */
class HugeSumsTest {
  private final ManualClock clock = ManualClock.create();

  @TempDir Path folder;

  @Test
  void aSumThatNoLongHoldsIsRefusedWhole() throws Exception {
    Path file = folder.resolve("usage.db");
    try (LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(file)).clock(clock).build()) {
      track(accounting);
      RawDatabase.run(file, "UPDATE usage_rollup SET cost = 9223372036854775807");

      BackendException booking =
          catchThrowableOfType(BackendException.class, () -> track(accounting));
      clock.advance(Duration.ofDays(2));
      track(accounting);
      BackendException reporting =
          catchThrowableOfType(
              BackendException.class, () -> accounting.report(TimeRange.always()).run());

      assertThat(booking.kind()).isEqualTo(BackendException.Kind.REJECTED);
      assertThat(booking).hasMessageContaining("a sum above 9223372036854775807");
      assertThat(reporting.kind()).isEqualTo(BackendException.Kind.REJECTED);
      assertThat(reporting).hasMessageContaining("a sum above 9223372036854775807");
      assertThat(accounting.tail(UsageFilter.all(), 10)).hasSize(2);
    }
  }

  private void track(LlmAccounting accounting) {
    accounting.track(UsageFixtures.aCall().at(clock.instant()).costing("1").usage());
  }
}
