package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TimeRange;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Denials of others that an older version counted under another name. */
@DisplayName("reading 4: rows of others under two names are one count")
class OldDenialsTest {
  private static final Instant MINUTE = ManualClock.START.truncatedTo(ChronoUnit.MINUTES);

  @TempDir Path folder;

  private static DenialCount others(long count, String reason) {
    return new DenialCount("l", DenialCount.OTHERS, MINUTE, count, 1, reason);
  }

  @Test
  void addUpWithTodaysAndAreRestoredOnce() throws Exception {
    Path file = folder.resolve("usage.db");
    try (LlmAccounting accounting = LlmAccounting.create(SqliteBackend.open(file))) {
      accounting.admin().transfer().restoreDenials(List.of(others(5, "older")));
      RawDatabase.run(file, "UPDATE quota_denial SET subject = '(others)'");

      for (int times = 1; times <= 4; times++) {
        accounting.admin().transfer().restoreDenials(List.of(others(8, "today")));

        assertThat(accounting.admin().denials(TimeRange.always()))
            .containsExactly(others(8, "today"));
      }
    }
    assertThat(RawDatabase.rows(file, "SELECT subject, denials FROM quota_denial ORDER BY subject"))
        .containsExactly(List.of("(other)", "3"), List.of("(others)", "5"));
  }
}
