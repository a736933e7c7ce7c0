package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TimeRange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Denials of others that an older version counted under another name. */
@DisplayName("reading 4: rows of others under two names are one count")
class OldDenialsIT {
  private static final Instant MINUTE = ManualClock.START.truncatedTo(ChronoUnit.MINUTES);

  private final ManualClock clock = ManualClock.create();

  @RegisterExtension final TestSchema schema = TestSchema.create();

  private static DenialCount others(long count, String reason) {
    return new DenialCount("l", DenialCount.OTHERS, MINUTE, count, 1, reason);
  }

  @Test
  void addUpWithTodaysAndAreRestoredOnce() throws Exception {
    try (LlmAccounting accounting =
        LlmAccounting.builder(schema.open(clock)).clock(clock).build()) {
      accounting.admin().transfer().restoreDenials(List.of(others(5, "older")));
      schema.run("UPDATE quota_denial SET subject = '(others)'");

      for (int times = 1; times <= 4; times++) {
        accounting.admin().transfer().restoreDenials(List.of(others(8, "today")));

        assertThat(accounting.admin().denials(TimeRange.always()))
            .containsExactly(others(8, "today"));
      }
    }
  }
}
