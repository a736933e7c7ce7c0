package io.llmaccounting.testkit.contract;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Attribution;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Holds, alerts and denials for the contracts. */
final class Holds {
  private static final Duration LIFE = Duration.ofMinutes(10);

  private Holds() {}

  /** One unit on each counter, admitted at {@link ManualClock#START}. */
  static HoldRecord on(CounterKey... counters) {
    return at(ManualClock.START, counters);
  }

  static HoldRecord at(Instant admitted, CounterKey... counters) {
    return new HoldRecord(
        UsageFixtures.newId(admitted),
        "gpt-5-mini",
        null,
        Attribution.NONE,
        admitted,
        admitted.plus(LIFE),
        LIFE.toMillis() * 1_000,
        new HoldRecord.Expected(0, 0, null),
        Stream.of(counters)
            .map(counter -> new HoldRecord.Amount(counter, 1, Long.MAX_VALUE))
            .toList());
  }

  static LedgerWrites writing(HoldRecord... holds) {
    return new LedgerWrites(Map.of(), List.of(holds), List.of(), List.of());
  }

  static LedgerWrites firing(Alert... alerts) {
    return new LedgerWrites(Map.of(), List.of(), List.of(alerts), List.of());
  }

  static LedgerWrites denying(DenialCount... denials) {
    return new LedgerWrites(Map.of(), List.of(), List.of(), List.of(denials));
  }

  static Alert alert(UUID id, Instant firedAt) {
    return new Alert(id, "alice hourly", "user=alice", 80, firedAt, 8, 10);
  }

  static DenialCount denial(String subject, Instant at, long count) {
    return new DenialCount(
        "alice hourly", subject, at.truncatedTo(ChronoUnit.MINUTES), count, 1, "no room");
  }
}
