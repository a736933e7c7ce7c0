package io.llmaccounting.internal.ledger;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.recording.OldUsage;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Time stands still unless a test lets it pass: nobody is waited for. */
class WaitingLineTest {
  private final AtomicLong now = new AtomicLong();
  private final WaitingLine line = new WaitingLine(now::get);

  private static Operation<?> hold(int number) {
    return new RenewOperation(new UUID(0, number));
  }

  private static RecordOperation records(int count) {
    List<Entry> entries =
        Stream.generate(() -> new Entry(aCall().usage(), Given.ALL, false)).limit(count).toList();
    return new RecordOperation(entries, OldUsage.REFUSE, false);
  }

  private Operation<?> joined(Operation<?> operation) {
    line.join(operation);
    return operation;
  }

  @Test
  void whoComesFirstIsServedFirstAndAllTogether() {
    Operation<?> one = joined(hold(1));
    Operation<?> two = joined(hold(2));
    Operation<?> three = joined(hold(3));

    assertThat(line.take()).isEqualTo(List.of(one, two, three));
    assertThat(line.taken()).isEqualTo(List.of(one, two, three));
  }

  @Test
  void whatTouchesTheSameHoldGoesOneAfterTheOther() {
    Operation<?> first = joined(hold(1));
    Operation<?> again = joined(hold(1));
    Operation<?> other = joined(hold(2));

    assertThat(line.take()).isEqualTo(List.of(first, other));
    assertThat(line.take()).isEqualTo(List.of(again));
  }

  @Test
  void aTransactionCarriesOnlySoMuchUnlessOneAloneIsMore() {
    Operation<?> half = joined(records(600));
    Operation<?> more = joined(records(600));
    Operation<?> tooMany = joined(records(WaitingLine.MOST_RECORDS + 1));

    assertThat(line.take()).isEqualTo(List.of(half));
    assertThat(line.take()).isEqualTo(List.of(more));
    assertThat(line.take()).isEqualTo(List.of(tooMany));
  }

  @Test
  void whatIsPutBackStandsInFrontInItsOrder() {
    Operation<?> one = joined(hold(1));
    Operation<?> two = joined(hold(2));
    List<Operation<?>> batch = line.take();
    Operation<?> three = joined(hold(3));

    line.putBack(batch);

    assertThat(line.take()).isEqualTo(List.of(one, two, three));
  }

  @Test
  void whoIsRemovedIsNotServed() {
    Operation<?> one = joined(hold(1));
    Operation<?> two = joined(hold(2));

    assertThat(line.remove(operation -> operation == one)).isEqualTo(List.of(one));
    assertThat(line.take()).isEqualTo(List.of(two));
  }

  @Test
  void wakingIsKeptForWhoeverTakesNextAndOnlyOnce() throws Exception {
    line.wake();
    assertThat(line.take()).isEmpty();

    CompletableFuture<List<Operation<?>>> next = CompletableFuture.supplyAsync(line::take);
    Operation<?> late = joined(hold(1));

    assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo(List.of(late));
  }

  @Test
  void afterClosingNobodyJoinsAndWhoWaitsIsServed() {
    Operation<?> early = joined(hold(1));
    line.close();

    assertThatThrownBy(() -> line.join(hold(2)))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.CLOSED));
    assertThat(line.isOver()).isFalse();
    assertThat(line.take()).isEqualTo(List.of(early));
    assertThat(line.isOver()).isTrue();
    assertThat(line.take()).isEmpty();
  }

  @Test
  void aTransactionThatTookNoTimeIsNoReasonToWaitForTheNext() {
    joined(hold(1));
    joined(hold(2));
    assertThat(line.take()).hasSize(2);
    Operation<?> back = joined(hold(1));

    // two left at the same instant: waiting for the other would cost more than it could save
    assertThat(line.take()).isEqualTo(List.of(back));
  }

  @Test
  void whoComesBackInTimeGoesAlong() throws Exception {
    joined(hold(1));
    joined(hold(2));
    assertThat(line.take()).hasSize(2);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(8));
    Operation<?> one = joined(hold(1));
    Operation<?> two = joined(hold(2));
    Operation<?> three = joined(hold(3));

    // two that left and those that wait are expected: whoever does not come is not waited for long
    assertThat(line.take()).isEqualTo(List.of(one, two, three));
  }
}
