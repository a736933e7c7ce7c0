package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records to be delivered. */
final class SinkItems {
  private SinkItems() {}

  static OutboxItem of(Usage usage, long revision) {
    return new OutboxItem(
        new RecordedUsage(usage, usage.occurredAt(), ManualClock.START, false, null), revision);
  }

  static List<OutboxItem> some(int count) {
    List<OutboxItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          of(
              UsageFixtures.aCall()
                  .by("alice")
                  .in("search")
                  .costing("0.0125")
                  .at(ManualClock.START.minus(Duration.ofSeconds(i)))
                  .usage()
                  .withAttribution(
                      new Attribution("search", "alice", null, null, Map.of("team", "blue"))),
              0));
    }
    return items;
  }
}
