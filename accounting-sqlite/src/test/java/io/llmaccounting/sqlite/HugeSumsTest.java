package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums that no long holds are full, refuse nothing, and stay full. */
class HugeSumsTest {
  private final ManualClock clock = ManualClock.create();

  @TempDir Path folder;

  /** faults B8, G6. */
  @Test
  void aSumThatNoLongHoldsIsFullAndStaysSo() throws Exception {
    try (LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(folder.resolve("usage.db")))
            .clock(clock)
            .build()) {
      accounting.track(provisional("1"));
      RawDatabase.run(
          folder.resolve("usage.db"), "UPDATE usage_rollup SET cost = 9223372036854775807");

      accounting.track(provisional("1"));
      accounting.track(call("2").key("k").usage());
      clock.advance(Duration.ofDays(2));
      accounting.track(call("1").usage());

      assertThat(accounting.tail(UsageFilter.all(), 10)).hasSize(2);
      assertThat(accounting.report(TimeRange.always()).run().total().cost())
          .isEqualTo(Cost.ofNanos(Long.MAX_VALUE));
    }
  }

  private Usage provisional(String cost) {
    return call(cost).key("k").source(TokenSource.PARTIAL).usage();
  }

  private CallFixture call(String cost) {
    return UsageFixtures.aCall().at(clock.instant()).costing(cost);
  }
}
