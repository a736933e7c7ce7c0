package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.SeededCounters;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Saving a limit keeps or rebuilds its counters, and no booking falls between. */
public abstract class CounterSeedContract extends BackendContract {
  private static final Instant START = ManualClock.START;

  @Test
  final void aNewLimitIsSeededFromTheRecords() {
    record(aCall().usage(), aCall().usage());

    StoredLimit stored = backend().limits().save(limit(5), PlainSeed.countingFrom(Instant.EPOCH));

    assertThat(state(backend(), new CounterKey(stored.id(), ""))).isEqualTo(Counts.of(2));
  }

  @Test
  final void theSeedGetsEachRecordChargedFromTheInstantItNames() {
    Usage early = aCall().at(START.minusNanos(1_000)).usage();
    Usage onTime = aCall().at(START).usage();
    Usage late = aCall().at(START.plusSeconds(9)).usage();
    clock.set(START.plusSeconds(60));
    record(late, early, onTime);
    PlainSeed seed = PlainSeed.countingFrom(START);

    backend().limits().save(limit(5), seed);

    assertThat(seed.accepted)
        .containsExactlyInAnyOrder(
            PlainDecider.stamped(onTime, clock.instant()),
            PlainDecider.stamped(late, clock.instant()));
  }

  /** Imports occur in the past; what counts is when the ledger charged them. */
  @Test
  final void theSeedGoesByTheInstantOfChargingNotOfOccurring() {
    clock.set(START);
    Usage ahead = aCall().at(START.plusSeconds(200)).usage();
    record(ahead);
    PlainSeed seed = PlainSeed.countingFrom(START.plusNanos(1_000));

    backend().limits().save(limit(5), seed);

    assertThat(seed.accepted).isEmpty();
  }

  @Test
  final void theSeedLearnsTheClockAndWhatChanges() {
    PlainSeed first = PlainSeed.ofNothing();
    StoredLimit stored = backend().limits().save(limit(5), first);
    clock.advance(Duration.ofMinutes(1));
    PlainSeed second = PlainSeed.ofNothing();

    StoredLimit replacing = backend().limits().save(limit(6), second);
    PlainSeed third = PlainSeed.ofNothing();
    backend().limits().delete("limit", third);

    assertThat(first.before).isNull();
    assertThat(first.after).isEqualTo(stored);
    assertThat(first.now).isEqualTo(START);
    assertThat(second.before).isEqualTo(stored);
    assertThat(second.after).isEqualTo(replacing);
    assertThat(second.limits).containsExactly(replacing);
    assertThat(second.now).isEqualTo(START.plusSeconds(60));
    assertThat(third.before).isEqualTo(replacing);
    assertThat(third.after).isNull();
    assertThat(third.limits).isEmpty();
  }

  @Test
  final void theSeedSeesTheHoldsAndTheCountersOfThoseItCountsAnew() {
    CounterKey lifted = aCounter("lifted");
    CounterKey other = aCounter("other");
    transact(backend(), Set.of(lifted, other), Counts.addOne());
    HoldRecord hold = Holds.on(lifted, other);
    transact(backend(), Set.of(), view -> Holds.writing(hold));
    PlainSeed seed =
        PlainSeed.withOthers(Set.of(lifted.limitId()), new SeededCounters(Map.of(), List.of()));

    backend().limits().save(limit(5), seed);

    assertThat(seed.counters).isEqualTo(Map.of(lifted, Counts.of(1)));
    assertThat(seed.holds).containsExactly(hold);
    assertThat(counters()).isEqualTo(Map.of(other, Counts.of(1)));
  }

  @Test
  final void savingAndDeletingWriteCountersAndHoldsOfOthers() {
    CounterKey lifted = aCounter("lifted");
    transact(backend(), Set.of(lifted), Counts.addOne());
    HoldRecord hold = Holds.on(lifted);
    transact(backend(), Set.of(), view -> Holds.writing(hold));
    HoldRecord changed = hold.holding(new HoldRecord.Expected(7, 8, null), List.of());
    CounterKey subject = new CounterKey(lifted.limitId(), "user=b");

    backend()
        .limits()
        .save(
            limit(5),
            PlainSeed.withOthers(
                Set.of(lifted.limitId()),
                new SeededCounters(Map.of(subject, Counts.of(3)), List.of(changed))));

    assertThat(counters()).isEqualTo(Map.of(subject, Counts.of(3)));
    assertThat(backend().ledger().holds()).containsExactly(changed);

    backend()
        .limits()
        .delete(
            "limit",
            PlainSeed.withOthers(
                Set.of(lifted.limitId()),
                new SeededCounters(Map.of(lifted, Counts.of(4)), List.of(hold))));

    assertThat(counters()).isEqualTo(Map.of(lifted, Counts.of(4)));
    assertThat(backend().ledger().holds()).containsExactly(hold);
  }

  @Test
  final void keepingLeavesNumberAndCounters() {
    StoredLimit before = save(limit(5));
    CounterKey counter = new CounterKey(before.id(), "user=a");
    transact(backend(), Set.of(counter), Counts.addOne());

    StoredLimit after = backend().limits().save(limit(6), PlainSeed.keeping());

    assertThat(after).isEqualTo(new StoredLimit(before.id(), limit(6)));
    assertThat(state(backend(), counter)).isEqualTo(Counts.of(1));
  }

  @Test
  final void rebuildingGivesANewNumberAndReplacesTheCounters() {
    StoredLimit before = save(limit(5));
    CounterKey old = new CounterKey(before.id(), "user=a");
    transact(backend(), Set.of(old), Counts.addOne());
    record(aCall().usage());

    StoredLimit after = backend().limits().save(limit(6), PlainSeed.countingFrom(Instant.EPOCH));

    assertThat(after.id()).isNotEqualTo(before.id());
    assertThat(counters()).isEqualTo(Map.of(new CounterKey(after.id(), ""), Counts.of(1)));
  }

  @Test
  final void deletingRemovesTheCountersOfThatLimitOnly() {
    StoredLimit deleted = save(limit(5));
    CounterKey kept = aCounter("kept");
    transact(
        backend(),
        Set.of(kept, new CounterKey(deleted.id(), "a"), new CounterKey(deleted.id(), "b")),
        Counts.addOne());

    backend().limits().delete(deleted.limit().name(), PlainSeed.ofNothing());

    assertThat(counters()).isEqualTo(Map.of(kept, Counts.of(1)));
  }

  @Test
  final void countersStayWhereTheSeedThrows() {
    StoredLimit before = save(limit(5));
    CounterKey counter = new CounterKey(before.id(), "user=a");
    transact(backend(), Set.of(counter), Counts.addOne());
    record(aCall().usage());
    IllegalStateException bug = new IllegalStateException("a bug in the seed");

    Throwable thrown =
        catchThrowable(() -> backend().limits().save(limit(6), PlainSeed.failing(bug)));

    assertThat(thrown).isSameAs(bug);
    assertThat(counters()).isEqualTo(Map.of(counter, Counts.of(1)));
  }

  /** Bookings that go on while a limit is rebuilt are either seeded or counted, never both. */
  @Test
  final void noBookingFallsBetweenSeedAndCounters() {
    backend().limits().save(limit(5), PlainSeed.countingFrom(Instant.EPOCH));
    List<UsageBackend> instances = List.of(backend(), another(), another());

    List<Integer> booked =
        ParallelRun.of(
            5,
            thread ->
                () ->
                    thread == 4
                        ? rebuild(instances.get(2), 8)
                        : book(instances.get(thread % 2), 20));

    List<RecordedUsage> records = new ArrayList<>();
    long counted =
        backend()
            .maintenance()
            .inspect(
                view -> {
                  records.clear();
                  view.scan(Instant.EPOCH, records::add);
                  return view.counters().values().stream().mapToLong(Counts::in).sum();
                });
    assertThat(booked.stream().mapToInt(Integer::intValue).sum()).isEqualTo(80);
    assertThat(records).hasSize(80);
    assertThat(counted).isEqualTo(80);
  }

  private static int rebuild(UsageBackend backend, int times) {
    for (int i = 0; i < times; i++) {
      backend.limits().save(limit(10 + i), PlainSeed.countingFrom(Instant.EPOCH));
    }
    return 0;
  }

  private static int book(UsageBackend backend, int calls) {
    int booked = 0;
    while (booked < calls) {
      AllLimits limits = backend.limits().load();
      CounterKey counter = new CounterKey(limits.limits().get(0).id(), "");
      LedgerBatch batch =
          new LedgerBatch(limits.revision(), new TreeSet<>(Set.of(counter)), Set.of(), Set.of());
      try {
        backend
            .ledger()
            .transact(batch, new PlainDecider(List.of(aCall().usage()), Counts.addOne()));
        booked++;
      } catch (StaleLimitsException e) {
        assertThat(backend.limits().revision()).isGreaterThan(limits.revision());
      }
    }
    return booked;
  }

  private Map<CounterKey, CounterState> counters() {
    return backend().maintenance().inspect(view -> Map.copyOf(view.counters()));
  }

  private static Limit limit(long maximum) {
    return Limit.named("limit").requests(maximum).lifetime();
  }
}
