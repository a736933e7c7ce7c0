package io.llmaccounting.proofs;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/**
 * Calls that any process makes up alike, ids and all.
 *
 * @param seed tells one set from another
 * @param count how many there are
 */
record KnownCalls(long seed, int count) {
  private static final Instant START = Instant.parse("2025-03-02T09:00:00Z");

  Usage call(int index) {
    return fields(index).build();
  }

  /** The same with an idempotency key. */
  Usage call(int index, String key) {
    return fields(index).key(key).build();
  }

  private UsageBuilder fields(int index) {
    return new UsageBuilder(
            START.plusMillis(index), at -> UsageId.create(at, new Random(seed * 1_000_003 + index)))
        .model("gpt-5-mini")
        .provider("openai")
        .user("user-" + index % 7)
        .project("project-" + index % 3)
        .tokens(TokenUsage.of(100 + index % 50, 20))
        .cost(Cost.ofNanos(1_000 + index));
  }

  UUID id(int index) {
    return call(index).id();
  }

  long nanos() {
    return 1_000L * count + (long) count * (count - 1) / 2;
  }
}
