package io.llmaccounting.testkit;

import io.llmaccounting.limit.LimitStatus;
import java.util.List;
import org.assertj.core.api.Assertions;

/** What admissions and receipts say about the room that is left. */
final class RemainingUnits {
  private RemainingUnits() {}

  static void require(List<LimitStatus> statuses, String limit, long remaining) {
    List<Long> left =
        statuses.stream()
            .filter(status -> status.limit().name().equals(limit))
            .map(status -> status.remaining().units())
            .toList();
    Assertions.assertThat(left)
        .as("units left under limit \"%s\", of all limits %s", limit, statuses)
        .containsExactly(remaining);
  }
}
