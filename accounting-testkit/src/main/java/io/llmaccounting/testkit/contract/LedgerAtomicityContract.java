package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerSnapshot;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StaleLimitsException;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageQuery;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A ledger transaction leaves everything or nothing behind, and knows when it was matched wrong.
 */
public abstract class LedgerAtomicityContract extends BackendContract {

  @Test
  final void everythingOfATransactionIsThereOnceItReturns() {
    CounterKey counter = aCounter("c");
    HoldRecord hold = Holds.on(counter);
    Usage usage = aCall().usage();

    backend().ledger().transact(batch(backend(), counter), writingAll(usage, counter, hold));

    UsageBackend other = another();
    assertThat(other.usage().find(usage.id())).isPresent();
    assertThat(state(other, counter)).isEqualTo(Counts.of(1));
    assertThat(other.ledger().holds()).containsExactly(hold);
    assertThat(other.ledger().alerts(true)).hasSize(1);
    assertThat(other.ledger().denials(TimeRange.always())).hasSize(1);
  }

  @Test
  final void nothingIsLeftWhereTheDeciderThrowsAfterTheRecords() {
    CounterKey counter = aCounter("c");
    HoldRecord hold = Holds.on(counter);
    transact(backend(), Set.of(counter), view -> Holds.writing(hold));
    Usage usage = aCall().key("k").usage();
    IllegalStateException bug = new IllegalStateException("a bug in the decider");
    PlainDecider failing =
        new PlainDecider(
            List.of(usage),
            view -> {
              throw bug;
            });

    Throwable thrown =
        catchThrowable(() -> backend().ledger().transact(taking(backend(), hold.id()), failing));

    assertThat(thrown).isSameAs(bug);
    assertNothingLeftOf(usage);
    assertThat(backend().ledger().holds()).containsExactly(hold);
    assertThat(record(usage).fresh()).containsExactly(usage.id());
  }

  @Test
  final void nothingIsLeftWhereTheDeciderThrowsBeforeTheRecords() {
    CounterKey counter = aCounter("c");
    HoldRecord hold = Holds.on(counter);
    transact(backend(), Set.of(counter), view -> Holds.writing(hold));
    IllegalStateException bug = new IllegalStateException("a bug in the decider");

    Throwable thrown =
        catchThrowable(
            () -> backend().ledger().transact(taking(backend(), hold.id()), stampThrowing(bug)));

    assertThat(thrown).isSameAs(bug);
    assertThat(backend().ledger().holds()).containsExactly(hold);
    transact(backend(), Set.of(counter), Counts.addOne());
    assertThat(state(backend(), counter)).isEqualTo(Counts.of(1));
  }

  @Test
  final void aBatchMatchedWithOlderLimitsIsRefusedWhole() {
    CounterKey counter = aCounter("c");
    long before = backend().limits().revision();
    LedgerBatch stale = batch(backend(), counter);
    save(Limit.named("one more").requests(1).lifetime());
    Usage usage = aCall().usage();

    assertThatThrownBy(
            () -> backend().ledger().transact(stale, writingAll(usage, counter, Holds.on(counter))))
        .isInstanceOf(StaleLimitsException.class)
        .hasMessageContaining(Long.toString(before));

    assertNothingLeftOf(usage);
    assertThat(backend().ledger().holds()).isEmpty();
    assertThat(backend().ledger().alerts(false)).isEmpty();
    assertThat(backend().ledger().denials(TimeRange.always())).isEmpty();
    assertThat(state(backend(), counter)).isEqualTo(CounterState.EMPTY);
  }

  @Test
  final void aLimitSavedByAnotherInstanceMakesABatchStale() {
    LedgerBatch stale = batch(backend());
    another().limits().save(Limit.named("one").requests(1).lifetime(), PlainSeed.ofNothing());

    assertThatThrownBy(
            () ->
                backend()
                    .ledger()
                    .transact(stale, new PlainDecider(List.of(), view -> LedgerWrites.NONE)))
        .isInstanceOf(StaleLimitsException.class);
  }

  /** Each thread books a record and its count together; a reader must never see one alone. */
  @Test
  final void recordsAndCountersMoveTogether() {
    CounterKey counter = aCounter("c");
    List<UsageBackend> instances = List.of(backend(), another());

    List<Boolean> consistent =
        ParallelRun.of(
            4,
            thread ->
                () -> {
                  UsageBackend mine = instances.get(thread % 2);
                  boolean together = true;
                  for (int i = 0; i < 20; i++) {
                    mine.ledger()
                        .transact(
                            batch(mine, counter),
                            new PlainDecider(List.of(aCall().usage()), Counts.addOne()));
                    together &= mine.maintenance().inspect(LedgerAtomicityContract::agrees);
                  }
                  return together;
                });

    assertThat(consistent).containsOnly(true);
    assertThat(Counts.in(state(backend(), counter))).isEqualTo(80);
  }

  private static boolean agrees(LedgerSnapshot snapshot) {
    List<RecordedUsage> records = new ArrayList<>();
    snapshot.scan(Instant.EPOCH, records::add);
    return snapshot.counters().values().stream().mapToLong(Counts::in).sum() == records.size();
  }

  private void assertNothingLeftOf(Usage usage) {
    assertThat(backend().usage().find(usage.id())).isEmpty();
    assertThat(backend().usage().latest(UsageQuery.latest(10))).isEmpty();
    assertThat(
            backend()
                .usage()
                .report(
                    new ReportQuery(
                        TimeRange.always(),
                        UsageFilter.all(),
                        List.of(),
                        null,
                        ZoneOffset.UTC,
                        false)))
        .isEmpty();
    assertThat(backend().maintenance().compareRollups()).isEmpty();
  }

  private static Decider writingAll(Usage usage, CounterKey counter, HoldRecord hold) {
    return new PlainDecider(
        List.of(usage),
        view ->
            new LedgerWrites(
                Map.of(counter, Counts.of(1)),
                List.of(hold),
                List.of(Holds.alert(new UUID(1, 1), view.now())),
                List.of(Holds.denial("c", view.now(), 1))));
  }

  private static Decider stampThrowing(RuntimeException bug) {
    return new Decider() {
      @Override
      public List<RecordedUsage> stamp(LedgerView view) {
        throw bug;
      }

      @Override
      public LedgerWrites decide(LedgerView view, StoredRecords records) {
        throw new AssertionError("decide must not be asked where stamp failed");
      }
    };
  }
}
