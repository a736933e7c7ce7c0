package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.newId;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds are kept until somebody takes them, and each is taken once. */
public abstract class HoldContract extends BackendContract {
  private static final Instant START = ManualClock.START;

  @Test
  final void everyFieldOfAHoldComesBack() {
    CounterKey one = aCounter("one");
    CounterKey other = aCounter("user=o'\u00e4\ud83d\ude80");
    Instant admitted = START.plusNanos(123_456_000);
    HoldRecord hold =
        new HoldRecord(
            newId(admitted),
            "gpt-5-mini",
            "openai",
            new Attribution("search", "alice", "ranker", "s1", Map.of("team", "blue")),
            admitted,
            admitted.plusNanos(1_000),
            1,
            new HoldRecord.Expected(1L << 40, 0, Cost.usd("0.000000001")),
            List.of(
                new HoldRecord.Amount(other, 1L << 62, 0),
                new HoldRecord.Amount(one, 0, Long.MAX_VALUE)),
            new HoldRecord.Asked("job-\u00e4\ud83d\ude80", "chat", "flex", true, "eu-1"),
            null);

    transact(backend(), Set.of(one, other), view -> Holds.writing(hold));

    assertThat(backend().ledger().holds()).containsExactly(hold);
    assertThat(reopen().ledger().holds()).containsExactly(hold);
  }

  /** A lease is a hold that many calls share; a renewal moves its instant. */
  @Test
  final void everyFieldOfALeaseComesBackAndIsReplaced() {
    CounterKey counter = aCounter("user=o'\u00e4");
    Instant taken = START.plusNanos(123_456_000);
    HoldRecord lease =
        HoldRecord.ofLease(
            newId(taken),
            taken,
            taken.plusSeconds(5),
            new HoldRecord.Amount(counter, 1L << 60, Long.MAX_VALUE),
            new HoldRecord.Lease(1, 1L << 61));
    HoldRecord renewed =
        HoldRecord.ofLease(
            lease.id(),
            taken.plusSeconds(2),
            taken.plusSeconds(7),
            new HoldRecord.Amount(counter, 0, Long.MAX_VALUE - 1),
            new HoldRecord.Lease(2, 0));

    transact(backend(), Set.of(counter), view -> Holds.writing(lease));
    assertThat(backend().ledger().holds()).containsExactly(lease);
    transact(backend(), reading(backend(), lease.id()), view -> Holds.writing(renewed));

    assertThat(backend().ledger().holds()).containsExactly(renewed);
    assertThat(reopen().ledger().holds()).containsExactly(renewed);
  }

  @Test
  final void whatAHoldLacksStaysAbsent() {
    HoldRecord hold = Holds.on();
    transact(backend(), Set.of(), view -> Holds.writing(hold));

    assertThat(backend().ledger().holds()).containsExactly(hold);
  }

  @Test
  final void aHoldThatIsTakenIsHandedOverAndGone() {
    CounterKey counter = aCounter("c");
    HoldRecord hold = write(Holds.on(counter));
    HoldRecord staying = write(Holds.on(counter));

    LedgerView first = transact(backend(), taking(backend(), hold.id()), view -> LedgerWrites.NONE);
    LedgerView second =
        transact(backend(), taking(backend(), hold.id()), view -> LedgerWrites.NONE);

    assertThat(first.holds()).isEqualTo(Map.of(hold.id(), hold));
    assertThat(second.holds()).isEmpty();
    assertThat(backend().ledger().holds()).containsExactly(staying);
  }

  @Test
  final void aHoldThatIsReadStays() {
    HoldRecord hold = write(Holds.on(aCounter("c")));

    LedgerView view = transact(backend(), reading(backend(), hold.id()), seen -> LedgerWrites.NONE);

    assertThat(view.holds()).isEqualTo(Map.of(hold.id(), hold));
    assertThat(backend().ledger().holds()).containsExactly(hold);
  }

  @Test
  final void aHoldIsReplacedByOneOfTheSameId() {
    CounterKey counter = aCounter("c");
    HoldRecord hold = write(Holds.on(counter));
    HoldRecord grown =
        hold.expiring(hold.expiresAt().plusSeconds(60))
            .holding(
                new HoldRecord.Expected(3, 4, Cost.usd("5")),
                List.of(new HoldRecord.Amount(counter, 5, 7)));

    transact(backend(), reading(backend(), hold.id()), view -> Holds.writing(grown));

    assertThat(backend().ledger().holds()).containsExactly(grown);
  }

  @Test
  final void countersOfAHoldAreLockedWithIt() {
    CounterKey counter = aCounter("c");
    transact(backend(), Set.of(counter), Counts.addOne());
    HoldRecord hold = write(Holds.on(counter));

    LedgerView read = transact(backend(), reading(backend(), hold.id()), Counts.addOne());
    LedgerView taken = transact(backend(), taking(backend(), hold.id()), Counts.addOne());

    assertThat(read.counters()).isEqualTo(Map.of(counter, Counts.of(1)));
    assertThat(taken.counters()).isEqualTo(Map.of(counter, Counts.of(2)));
    assertThat(state(backend(), counter)).isEqualTo(Counts.of(3));
  }

  @Test
  final void aHoldOutlivesTheLimitItWasTakenFor() {
    CounterKey kept = aCounter("kept");
    CounterKey deleted = aCounter("deleted");
    transact(backend(), Set.of(kept, deleted), Counts.addOne());
    HoldRecord hold = write(Holds.on(kept, deleted));
    backend().limits().delete("limit for deleted", PlainSeed.ofNothing());

    LedgerView view = transact(backend(), taking(backend(), hold.id()), Counts.addOne());

    assertThat(view.holds()).isEqualTo(Map.of(hold.id(), hold));
    assertThat(view.counters()).isEqualTo(Map.of(kept, Counts.of(1)));
    assertThat(backend().ledger().peek(Set.of(kept, deleted)).counters())
        .isEqualTo(Map.of(kept, Counts.of(2)));
  }

  @Test
  final void holdsAreListedOldestFirstWithExpiredOnes() {
    HoldRecord second = write(Holds.at(START.plusSeconds(2)));
    HoldRecord first = write(Holds.at(START.plusSeconds(1)));
    HoldRecord third = write(Holds.at(START.plusSeconds(3)));

    clock.advance(Duration.ofDays(1));

    assertThat(backend().ledger().holds()).containsExactly(first, second, third);
  }

  /** faults A5, C3: a transaction that looks is told of holds that have expired, those first. */
  @Test
  final void aTransactionFindsHoldsThatHaveExpired() {
    HoldRecord second = write(Holds.at(START.plusSeconds(2)));
    HoldRecord first = write(Holds.at(START.plusSeconds(1)));
    HoldRecord taken = write(Holds.at(START));
    write(Holds.at(START.plusSeconds(3)));
    clock.set(second.expiresAt());

    LedgerView looking =
        transact(backend(), looking(clock.instant(), taken.id()), view -> LedgerWrites.NONE);

    assertThat(looking.expired()).containsExactly(first, second);
    assertThat(looking.holds()).isEqualTo(Map.of(taken.id(), taken));
    assertThat(
            transact(
                    backend(), looking(clock.instant().plusNanos(1_000)), view -> LedgerWrites.NONE)
                .expired())
        .isEmpty();
    assertThat(transact(backend(), Set.of(), view -> LedgerWrites.NONE).expired()).isEmpty();
    assertThat(backend().ledger().expiredHolds(1)).containsExactly(first);
    clock.set(second.expiresAt().minusNanos(1_000));
    assertThat(backend().ledger().expiredHolds(9)).containsExactly(first);
  }

  @Test
  final void aTransactionFindsSoManyExpiredHoldsAtMost() {
    HoldRecord[] holds = new HoldRecord[LedgerBatch.EXPIRED_AT_ONCE + 1];
    Arrays.setAll(holds, i -> Holds.at(START.plusSeconds(i)));
    transact(backend(), Set.of(), view -> Holds.writing(holds));
    clock.advance(Duration.ofDays(1));

    LedgerView looking = transact(backend(), looking(START), view -> LedgerWrites.NONE);

    assertThat(looking.expired())
        .containsExactly(Arrays.copyOf(holds, LedgerBatch.EXPIRED_AT_ONCE));
    assertThat(backend().ledger().expiredHolds(holds.length)).containsExactly(holds);
  }

  private LedgerBatch looking(Instant from, UUID... taken) {
    return new LedgerBatch(
        backend().limits().revision(), new TreeSet<>(), Set.of(taken), Set.of(), Set.of(), from);
  }

  @Test
  final void aHoldIsTakenByOneOfManyThreadsOnTwoInstances() {
    CounterKey counter = aCounter("c");
    List<HoldRecord> holds = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      holds.add(write(Holds.on(counter)));
    }
    List<UsageBackend> instances = List.of(backend(), another());

    List<Integer> taken =
        ParallelRun.of(
            8,
            thread ->
                () -> {
                  int mine = 0;
                  for (HoldRecord hold : holds) {
                    UsageBackend instance = instances.get(thread % 2);
                    mine +=
                        transact(instance, taking(instance, hold.id()), Counts.addOne())
                            .holds()
                            .size();
                  }
                  return mine;
                });

    assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(10);
    assertThat(backend().ledger().holds()).isEmpty();
  }

  @Test
  final void manyHoldsAreTakenAtOnce() {
    CounterKey counter = aCounter("c");
    HoldRecord[] holds = new HoldRecord[1_000];
    Arrays.setAll(holds, i -> Holds.on(counter));
    transact(backend(), Set.of(counter), view -> Holds.writing(holds));
    LedgerBatch all =
        new LedgerBatch(
            backend().limits().revision(),
            new TreeSet<>(),
            Arrays.stream(holds).map(HoldRecord::id).collect(Collectors.toSet()),
            Set.of());

    LedgerView view = transact(backend(), all, seen -> LedgerWrites.NONE);

    assertThat(view.holds().values()).containsExactlyInAnyOrder(holds);
    assertThat(backend().ledger().holds()).isEmpty();
  }

  private HoldRecord write(HoldRecord hold) {
    transact(backend(), Set.of(), view -> Holds.writing(hold));
    return hold;
  }
}
