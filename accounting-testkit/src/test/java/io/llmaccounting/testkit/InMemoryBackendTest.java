package io.llmaccounting.testkit;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageQuery;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What only this backend can do: fail when told to. The rest is in the contracts. */
class InMemoryBackendTest {
  private final ManualClock clock = ManualClock.create();
  private final InMemoryBackend backend = InMemoryBackend.create(clock);

  @Test
  void failsAsOftenAsToldHavingDoneNothing() {
    Usage usage = aCall().usage();
    backend.failNext(2);

    assertUnavailable(() -> store(List.of(usage), LedgerWrites.NONE));
    assertUnavailable(() -> backend.usage().find(usage.id()));

    assertThat(backend.usage().find(usage.id())).isEmpty();
  }

  @Test
  void failsNoMoreOnceToldSo() {
    backend.failNext(5);
    backend.failNext(0);

    assertThat(backend.limits().revision()).isZero();
  }

  @Test
  void isDownUntilItRecoversWithEverythingKept() {
    Usage usage = aCall().usage();
    store(List.of(usage), LedgerWrites.NONE);
    backend.breakDown();

    assertUnavailable(() -> backend.limits().revision());
    assertUnavailable(() -> backend.audit().append(List.of()));
    backend.recover();

    assertThat(backend.usage().find(usage.id())).isPresent();
  }

  @Test
  void losesTheAnswerOfACommitThatTookPlace() {
    Usage usage = aCall().usage();
    backend.loseNextAnswer();

    assertUnavailable(() -> store(List.of(usage), LedgerWrites.NONE));

    assertThat(backend.usage().find(usage.id())).isPresent();
    store(List.of(aCall().usage()), LedgerWrites.NONE);
  }

  @Test
  void refusesANegativeNumberOfFailures() {
    assertThatThrownBy(() -> backend.failNext(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("calls must not be negative, was -1");
  }

  @Test
  void closesWhileItIsDown() {
    backend.breakDown();
    backend.close();

    assertThatThrownBy(backend::ledger)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.CLOSED));
  }

  @Test
  void refusesADeciderThatWritesACounterItDidNotLock() {
    CounterKey counter = new CounterKey(1, "user=alice");
    LedgerWrites writes =
        new LedgerWrites(Map.of(counter, CounterState.EMPTY), List.of(), List.of(), List.of());

    assertRejected(() -> store(List.of(aCall().usage()), writes));
  }

  @Test
  void refusesADeciderThatStoresAnIdOrKeyTwice() {
    Usage usage = aCall().usage();

    assertRejected(() -> store(List.of(usage, usage), LedgerWrites.NONE));
    assertRejected(
        () ->
            store(List.of(aCall().key("k").usage(), aCall().key("k").usage()), LedgerWrites.NONE));
  }

  @Test
  void sharesItsStorageWithBackendsOpenedOnIt() {
    Usage usage = aCall().usage();
    store(List.of(usage), LedgerWrites.NONE);
    backend.close();

    assertThat(InMemoryBackend.open(backend.storage(), clock).usage().find(usage.id())).isPresent();
  }

  private void assertRejected(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.REJECTED));
    assertThat(backend.usage().latest(UsageQuery.latest(1))).isEmpty();
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.isPassing()).as("%s", e).isTrue());
  }

  private void store(List<Usage> usages, LedgerWrites writes) {
    backend
        .ledger()
        .transact(
            new LedgerBatch(0, new TreeSet<>(), Set.of(), Set.of()),
            new Decider() {
              @Override
              public List<RecordedUsage> stamp(LedgerView view) {
                return usages.stream()
                    .map(usage -> new RecordedUsage(usage, view.now(), view.now(), false, null))
                    .toList();
              }

              @Override
              public LedgerWrites decide(LedgerView view, StoredRecords records) {
                return writes;
              }
            });
  }
}
