package io.llmaccounting.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.Retention;
import io.llmaccounting.backend.Retention.Leftover;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Counters are locked, read and written byte for byte, and no update is lost. */
public abstract class LedgerQuotaContract extends BackendContract {

  @Test
  final void aCounterThatIsNewIsSeenEmpty() {
    CounterKey counter = aCounter("new");

    LedgerView view = transact(backend(), Set.of(counter), seen -> LedgerWrites.NONE);

    assertThat(view.counters()).isEqualTo(Map.of(counter, CounterState.EMPTY));
  }

  @Test
  final void aCounterIsKeptByteForByte() {
    CounterKey counter = aCounter("bytes");
    Random random = new Random(1);
    for (int size : new int[] {0, 1, 255, 256, 5_000, 70_000}) {
      byte[] cells = new byte[size];
      random.nextBytes(cells);
      CounterState state = new CounterState(random.nextLong(1L << 62), cells);

      transact(backend(), Set.of(counter), view -> setting(Map.of(counter, state)));

      assertThat(transact(backend(), Set.of(counter), view -> LedgerWrites.NONE).counters())
          .isEqualTo(Map.of(counter, state));
      assertThat(state(another(), counter)).isEqualTo(state);
    }
  }

  @Test
  final void subjectsAreToldApartToTheLastByte() {
    long limit = save(Limit.named("each").eachUser().requests(9).lifetime()).id();
    String start = "user=" + "x".repeat(506);
    Map<CounterKey, CounterState> states = new HashMap<>();
    for (String subject :
        List.of(
            "",
            "user=alice",
            "user=Alice",
            "user=\u00e4",
            "user=a\u0308",
            "'",
            start,
            start + "y")) {
      states.put(new CounterKey(limit, subject), Counts.of(states.size() + 1));
    }

    transact(backend(), states.keySet(), view -> setting(states));

    assertThat(backend().ledger().peek(states.keySet()).counters()).isEqualTo(states);
  }

  @Test
  final void countersOfDifferentLimitsAreApart() {
    CounterKey one = aCounter("same");
    long other = save(Limit.named("other").requests(1).lifetime()).id();

    transact(backend(), Set.of(one), Counts.addOne());

    assertThat(state(backend(), new CounterKey(other, "same"))).isEqualTo(CounterState.EMPTY);
  }

  @Test
  final void onlyWhatIsWrittenChanges() {
    CounterKey one = aCounter("one");
    CounterKey other = aCounter("other");
    transact(backend(), Set.of(one, other), Counts.addOne());

    transact(backend(), Set.of(one, other), view -> setting(Map.of(one, Counts.of(7))));

    assertThat(state(backend(), one)).isEqualTo(Counts.of(7));
    assertThat(state(backend(), other)).isEqualTo(Counts.of(1));
  }

  @Test
  final void peekShowsOnlyCountersThatExistAndWereAskedFor() {
    CounterKey asked = aCounter("asked");
    CounterKey notAsked = aCounter("not asked");
    transact(backend(), Set.of(asked, notAsked), Counts.addOne());

    LedgerView view =
        backend().ledger().peek(Set.of(asked, new CounterKey(asked.limitId(), "unknown")));

    assertThat(view.counters()).isEqualTo(Map.of(asked, Counts.of(1)));
    assertThat(view.holds()).isEmpty();
    assertThat(view.now()).isEqualTo(clock.instant());
  }

  @Test
  final void aThousandCountersAreLockedAtOnce() {
    long limit = save(Limit.named("each").eachUser().requests(9).lifetime()).id();
    Set<CounterKey> counters = new HashSet<>();
    for (int i = 0; i < 1_200; i++) {
      counters.add(new CounterKey(limit, "user=u" + i));
    }

    transact(backend(), counters, Counts.addOne());
    transact(backend(), counters, Counts.addOne());

    assertThat(backend().ledger().peek(counters).counters().values())
        .hasSize(1_200)
        .containsOnly(Counts.of(2));
  }

  @Test
  final void noIncrementOfManyThreadsOnTwoInstancesIsLost() {
    CounterKey counter = aCounter("hot");
    List<UsageBackend> instances = List.of(backend(), another());

    ParallelRun.of(
        8,
        thread ->
            () -> {
              for (int i = 0; i < 25; i++) {
                transact(instances.get(thread % 2), Set.of(counter), Counts.addOne());
              }
              return true;
            });

    assertThat(state(backend(), counter)).isEqualTo(Counts.of(200));
  }

  /**
   * Some counters are named by the batch, others come with holds: the orders they suggest differ.
   */
  @Test
  final void whoeverLocksTheSameCountersInWhateverOrderNeverDeadlocks() {
    List<CounterKey> counters = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      counters.add(aCounter("counter " + i));
    }
    List<UsageBackend> instances = List.of(backend(), another());

    List<Integer> locked =
        ParallelRun.of(
            8, thread -> () -> lockAtRandom(instances.get(thread % 2), counters, thread));

    long total = counters.stream().mapToLong(key -> Counts.in(state(backend(), key))).sum();
    assertThat(total).isEqualTo(locked.stream().mapToLong(Integer::longValue).sum());
    assertThat(backend().ledger().holds()).isEmpty();
  }

  private static int lockAtRandom(UsageBackend backend, List<CounterKey> counters, long seed) {
    Random random = new Random(seed);
    int locked = 0;
    for (int i = 0; i < 15; i++) {
      List<CounterKey> chosen = new ArrayList<>(counters);
      Collections.shuffle(chosen, random);
      HoldRecord hold = Holds.on(chosen.get(0), chosen.get(1));
      transact(backend, Set.of(chosen.get(0), chosen.get(1)), view -> Holds.writing(hold));
      LedgerBatch batch =
          new LedgerBatch(
              backend.limits().revision(),
              new TreeSet<>(chosen.subList(2, 3 + random.nextInt(3))),
              Set.of(hold.id()),
              Set.of());
      locked += transact(backend, batch, Counts.addOne()).counters().size();
    }
    return locked;
  }

  @Test
  final void peekSeesTheCountersOfOneInstantTogether() {
    List<CounterKey> counters = List.of(aCounter("a"), aCounter("b"));
    List<UsageBackend> instances = List.of(backend(), another());

    List<Boolean> paired =
        ParallelRun.of(
            4,
            thread ->
                () -> {
                  boolean equal = true;
                  for (int i = 0; i < 20; i++) {
                    UsageBackend mine = instances.get(thread % 2);
                    transact(mine, Set.copyOf(counters), Counts.addOne());
                    Map<CounterKey, CounterState> seen =
                        mine.ledger().peek(Set.copyOf(counters)).counters();
                    equal &= Objects.equals(seen.get(counters.get(0)), seen.get(counters.get(1)));
                  }
                  return equal;
                });

    assertThat(paired).containsOnly(true);
  }

  @Test
  @DisplayName("faults G9: idle counters go with what is written later, and no others do")
  final void idleCountersGo() {
    long limit = save(Limit.named("each").eachUser().requests(9).lifetime()).id();
    long soon = micros(clock.instant().plusSeconds(1));
    Map<CounterKey, CounterState> states = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      states.put(
          new CounterKey(limit, "user=u" + i),
          new CounterState(i, new byte[] {1}, i % 10 == 0 ? CounterState.NEVER : soon));
    }
    transact(backend(), states.keySet(), view -> setting(states));
    CounterKey busy = new CounterKey(limit, "user=busy");
    for (int i = 0; i < 30; i++) {
      transact(backend(), Set.of(busy), Counts.addOne());
    }
    assertThat(counters()).hasSize(301);

    clock.advance(Duration.ofSeconds(2));
    for (int i = 0; i < 30; i++) {
      transact(backend(), Set.of(busy), Counts.addOne());
    }

    assertThat(counters()).hasSize(31).containsKey(busy);
    assertThat(state(backend(), new CounterKey(limit, "user=u11"))).isEqualTo(CounterState.EMPTY);
    assertThat(state(backend(), busy)).isEqualTo(Counts.of(60));
  }

  @Test
  @DisplayName("faults G9: rows that were made only to be locked go too")
  final void countersOfRefusedCallsGo() {
    long limit = save(Limit.named("each").eachUser().requests(9).lifetime()).id();
    CounterKey busy = new CounterKey(limit, "busy");
    for (int i = 0; i < 100; i++) {
      transact(backend(), Set.of(new CounterKey(limit, "user=u" + i)), view -> LedgerWrites.NONE);
    }

    for (int i = 0; i < 20; i++) {
      transact(backend(), Set.of(busy), Counts.addOne());
    }

    assertThat(retention().count(Leftover.IDLE_COUNTERS, clock.instant())).isZero();
    assertThat(counters()).containsOnlyKeys(busy);
  }

  @Test
  @DisplayName("faults G9: retention removes idle counters in batches")
  final void retentionRemovesIdleCounters() {
    long limit = save(Limit.named("each").eachUser().requests(9).lifetime()).id();
    long soon = micros(clock.instant().plusSeconds(1));
    CounterKey kept = new CounterKey(limit, "user=kept");
    Map<CounterKey, CounterState> states = new HashMap<>();
    states.put(kept, Counts.of(1));
    for (int i = 0; i < 25; i++) {
      states.put(new CounterKey(limit, "user=u" + i), new CounterState(i, new byte[] {1}, soon));
    }
    transact(backend(), states.keySet(), view -> setting(states));
    Instant future = clock.instant().plusSeconds(60);
    assertThat(retention().remove(Leftover.IDLE_COUNTERS, future, 100)).isZero();

    clock.advance(Duration.ofSeconds(2));

    assertThat(retention().count(Leftover.IDLE_COUNTERS, future)).isEqualTo(25);
    assertThat(retention().remove(Leftover.IDLE_COUNTERS, future, 10)).isEqualTo(10);
    assertThat(retention().remove(Leftover.IDLE_COUNTERS, future, 100)).isEqualTo(15);
    assertThat(counters()).containsOnlyKeys(kept);
  }

  @Test
  @DisplayName("faults G9: no change of a counter is lost while others remove it")
  final void nothingIsLostWhileIdleCountersGo() {
    long limit = save(Limit.named("each").eachUser().requests(9).lifetime()).id();
    List<UsageBackend> instances = List.of(backend(), another());

    List<Long> lowest =
        ParallelRun.of(
            6,
            thread ->
                () -> {
                  Random random = new Random(thread);
                  long least = 0;
                  for (int i = 0; i < 40; i++) {
                    CounterKey counter = new CounterKey(limit, "user=u" + random.nextInt(4));
                    UsageBackend mine = instances.get(thread % 2);
                    transact(mine, Set.of(counter), view -> changing(view, counter, 1));
                    LedgerView seen =
                        transact(mine, Set.of(counter), view -> changing(view, counter, -1));
                    CounterState state = Objects.requireNonNull(seen.counters().get(counter));
                    least = Math.min(least, Counts.in(state) - 1);
                  }
                  return least;
                });

    assertThat(lowest).containsOnly(0L);
    assertThat(counters().values()).allSatisfy(state -> assertThat(Counts.in(state)).isZero());
  }

  private static LedgerWrites changing(LedgerView view, CounterKey counter, long by) {
    CounterState state = view.counters().getOrDefault(counter, CounterState.EMPTY);
    CounterState changed = Counts.of(Counts.in(state) + by);
    boolean idle = Counts.in(changed) == 0;
    return setting(
        Map.of(counter, idle ? new CounterState(changed.asOf(), changed.cells(), 0) : changed));
  }

  private Map<CounterKey, CounterState> counters() {
    return backend().maintenance().inspect(LedgerSnapshot::counters);
  }

  private Retention retention() {
    return backend().maintenance().retention();
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static LedgerWrites setting(Map<CounterKey, CounterState> states) {
    return new LedgerWrites(states, List.of(), List.of(), List.of());
  }
}
