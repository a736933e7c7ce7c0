package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import java.time.Instant;

/** Says which usage limits still count, leaving aside lifetime limits. */
public final class LiveWindows {
  private LiveWindows() {}

  /**
   * Throws if a limit counts usage from before {@code horizon}. Lifetime limits do not: what they
   * count is carried over.
   *
   * @throws IllegalArgumentException naming the limit and since when it counts
   */
  public static void requireNoneBefore(Iterable<StoredLimit> limits, Instant horizon, Instant now) {
    for (StoredLimit stored : limits) {
      Limit limit = stored.limit();
      if (limit.isExemption() || limit.window() instanceof Window.Lifetime) {
        continue;
      }
      if (limit.window() instanceof Window.Now) {
        continue;
      }
      Instant from = new WindowExit(limit).countsFrom(now);
      if (from.isBefore(horizon)) {
        throw new IllegalArgumentException(
            "limit \"%s\" still counts usage from %s on, so nothing up to %s can be purged; name an earlier instant, or purge evenIfCounted"
                .formatted(limit.name(), from, horizon));
      }
    }
  }
}
