package io.llmaccounting.internal.ledger;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.Exceeded;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Counts denials. */
public final class Refusals {
  private Refusals() {}

  /** A reserve, refused so many times, counted for every limit that refused it. */
  public static List<DenialCount> of(Decision.Denied denied, long times) {
    Instant minute = denied.at().truncatedTo(ChronoUnit.MINUTES);
    List<DenialCount> counts = new ArrayList<>(denied.exceeded().size());
    for (Exceeded exceeded : denied.exceeded()) {
      counts.add(
          new DenialCount(
              exceeded.status().limit().name(),
              exceeded.status().subject(),
              minute,
              times,
              exceeded.requested(),
              exceeded.toString()));
    }
    return counts;
  }
}
