package io.llmaccounting.testkit;

import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls for tests, of which only the value that matters is spelled: {@code
 * aCall().by("alice").costing("0.02").usage()}. Safe for use by many threads.
 */
public final class UsageFixtures {
  private static final AtomicLong NEXT_ID = new AtomicLong();

  private UsageFixtures() {}

  /**
   * A call of gpt-5-mini at {@link ManualClock#START} with 100 input and 20 output tokens, by
   * nobody, of unknown cost.
   */
  public static CallFixture aCall() {
    return new CallFixture();
  }

  /**
   * An id for a call made at {@code occurredAt}. Ids of one millisecond ascend in the order in
   * which they were made; they are the same in every run, and unique within a process only.
   */
  public static UUID newId(Instant occurredAt) {
    long[] bits = {0, NEXT_ID.getAndIncrement()};
    int[] taken = {0};
    return UsageId.create(occurredAt, () -> bits[taken[0]++]);
  }
}
