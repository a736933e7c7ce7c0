package io.llmaccounting.internal.ledger;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.recording.OldUsage;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Time stands still unless a test lets it pass: nobody is waited for. */
class CommitQueueTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicReference<Runnable> atNextLook = new AtomicReference<>(() -> {});
  private final CommitQueue queue = new CommitQueue(this::time);

  private long time() {
    atNextLook.getAndSet(() -> {}).run();
    return now.get();
  }

  private static void untilItWaits(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static Operation<?> hold(int number) {
    return new RenewOperation(new UUID(0, number));
  }

  private static RecordOperation records(int count) {
    List<PendingRecord> records =
        Stream.generate(() -> new PendingRecord(aCall().usage(), Given.ALL, false))
            .limit(count)
            .toList();
    return new RecordOperation(records, OldUsage.REFUSE, false);
  }

  private Operation<?> joined(Operation<?> operation) {
    queue.join(operation);
    return operation;
  }

  @Test
  void whoComesFirstIsServedFirstAndAllTogether() {
    Operation<?> one = joined(hold(1));
    Operation<?> two = joined(hold(2));
    Operation<?> three = joined(hold(3));

    assertThat(queue.take()).isEqualTo(List.of(one, two, three));
    assertThat(queue.taken()).isEqualTo(List.of(one, two, three));
  }

  @Test
  void whatTouchesTheSameHoldGoesOneAfterTheOther() {
    Operation<?> first = joined(hold(1));
    Operation<?> again = joined(hold(1));
    Operation<?> other = joined(hold(2));

    assertThat(queue.take()).isEqualTo(List.of(first, other));
    assertThat(queue.take()).isEqualTo(List.of(again));
  }

  @Test
  void aTransactionCarriesOnlySoMuchUnlessOneAloneIsMore() {
    Operation<?> half = joined(records(600));
    Operation<?> more = joined(records(600));
    Operation<?> tooMany = joined(records(CommitQueue.MOST_RECORDS + 1));

    assertThat(queue.take()).isEqualTo(List.of(half));
    assertThat(queue.take()).isEqualTo(List.of(more));
    assertThat(queue.take()).isEqualTo(List.of(tooMany));
  }

  @Test
  void whatIsPutBackStandsInFrontInItsOrder() {
    Operation<?> one = joined(hold(1));
    Operation<?> two = joined(hold(2));
    List<Operation<?>> batch = queue.take();
    Operation<?> three = joined(hold(3));

    queue.putBack(batch);

    assertThat(queue.take()).isEqualTo(List.of(one, two, three));
  }

  @Test
  void whoIsRemovedIsNotServed() {
    Operation<?> one = joined(hold(1));
    Operation<?> two = joined(hold(2));

    assertThat(queue.remove(operation -> operation == one)).isEqualTo(List.of(one));
    assertThat(queue.take()).isEqualTo(List.of(two));
  }

  @Test
  void wakingIsKeptForWhoeverTakesNextAndOnlyOnce() throws Exception {
    queue.wake();
    assertThat(queue.take()).isEmpty();

    FutureTask<List<Operation<?>>> next = new FutureTask<>(queue::take);
    Thread taking = new Thread(next);
    taking.start();
    untilItWaits(taking);
    Operation<?> late = joined(hold(1));

    assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo(List.of(late));
  }

  @Test
  void afterClosingNobodyJoinsAndWhoWaitsIsServed() {
    Operation<?> early = joined(hold(1));
    queue.close();

    assertThatThrownBy(() -> queue.join(hold(2)))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.CLOSED));
    assertThat(queue.isOver()).isFalse();
    assertThat(queue.take()).isEqualTo(List.of(early));
    assertThat(queue.isOver()).isTrue();
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void aTransactionThatTookNoTimeIsNoReasonToWaitForTheNext() {
    joined(hold(1));
    joined(hold(2));
    assertThat(queue.take()).hasSize(2);
    Operation<?> back = joined(hold(1));

    // two left at the same instant: waiting for the other would cost more than it could save
    assertThat(queue.take()).isEqualTo(List.of(back));
  }

  @Test
  void whoComesBackInTimeGoesAlong() {
    joined(hold(1));
    joined(hold(2));
    assertThat(queue.take()).hasSize(2);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(8));
    Operation<?> one = joined(hold(1));
    Operation<?> two = hold(2);
    Thread back = new Thread(() -> queue.join(two));
    atNextLook.set(
        () -> {
          back.start();
          untilItWaits(back);
        });

    // it stands first at the lock, which is let go only to wait for those that left
    assertThat(queue.take()).isEqualTo(List.of(one, two));
  }
}
