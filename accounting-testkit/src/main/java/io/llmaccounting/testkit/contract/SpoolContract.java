package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.testkit.ManualClock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A spool keeps what it was given, in order, until it is told that it was booked. */
public abstract class SpoolContract {
  private static final OpenLimit ALICE = new OpenLimit("cost", "alice");
  private static final OpenLimit BOB = new OpenLimit("cost", "bob");

  final ManualClock clock = ManualClock.create();
  private @Nullable Spool opened;

  /** For authors elsewhere. */
  protected SpoolContract() {}

  /**
   * Opens the spool of a test, with room for some hundred thousand bytes and for a thousand calls
   * at least: empty at first, and then <em>the same</em> whenever the same test asks again. The
   * contract closes one before it asks for the next.
   */
  protected abstract Spool open(InstantSource clock);

  @AfterEach
  final void close() {
    if (opened != null) {
      opened.close();
    }
  }

  private Spool spool() {
    Spool spool = opened;
    if (spool == null) {
      spool = open(clock);
      opened = spool;
    }
    return spool;
  }

  private Spool restarted() {
    close();
    opened = null;
    return spool();
  }

  @Test
  final void everyFieldComesBackAfterARestart() {
    List<SpooledCall> calls =
        List.of(
            new SpooledCall(RoundTripContract.full(), true, false, at(3)),
            new SpooledCall(aCall().withoutTokens().usage(), false, true, at(2)),
            new SpooledCall(aCall().usage(), true, true, at(1)),
            new SpooledCall(aCall().usage(), false, false, at(4)));
    spool().append(calls, Map.of());

    assertThat(calls(spool().read(0, 10))).isEqualTo(calls);
    assertThat(calls(restarted().read(0, 10))).isEqualTo(calls);
  }

  @Test
  final void callsAreReadInTheOrderInWhichTheyCameAPageAtATime() {
    List<SpooledCall> calls = calls(7);
    spool().append(calls.subList(0, 3), Map.of());
    calls.subList(3, 7).forEach(call -> spool().append(List.of(call), Map.of()));

    List<SpoolEntry> first = spool().read(0, 5);
    List<SpoolEntry> second = spool().read(first.get(4).position(), 5);

    assertThat(calls(first)).isEqualTo(calls.subList(0, 5));
    assertThat(calls(second)).isEqualTo(calls.subList(5, 7));
    assertThat(spool().read(second.get(1).position(), 5)).isEmpty();
    assertThat(positions(second)).allMatch(position -> position > first.get(4).position());
  }

  @Test
  final void whatWasBookedIsGoneAndItsPositionIsNeverUsedAgain() {
    List<SpooledCall> calls = calls(3);
    spool().append(calls, Map.of());
    Set<Long> positions = positions(spool().read(0, 10));
    Set<Long> last = positions(spool().read(0, 10).subList(2, 3));

    spool().remove(last);
    assertThat(calls(restarted().read(0, 10))).isEqualTo(calls.subList(0, 2));
    spool().remove(positions);
    spool().remove(positions);
    assertThat(spool().read(0, 10)).isEmpty();

    restarted().append(calls(1), Map.of());
    assertThat(positions(spool().read(0, 10))).doesNotContainAnyElementsOf(positions);
  }

  @Test
  final void aCallThatIsAppendedAgainMayWaitTwiceButIsNotLost() {
    List<SpooledCall> calls = calls(1);
    spool().append(calls, Map.of());
    spool().append(calls, Map.of());

    assertThat(calls(spool().read(0, 10))).isNotEmpty().allMatch(calls.get(0)::equals);
  }

  @Test
  final void aBuriedCallLeavesTheLineAndIsKeptWithItsReason() {
    List<SpooledCall> calls = calls(3);
    spool().append(calls, Map.of());
    long poison = spool().read(0, 10).get(1).position();
    String reason = "the database refuses \u00e4\ud83d\ude80\0 'this'";

    assertThat(spool().deadLetters().bury(poison, reason)).isTrue();
    assertThat(spool().deadLetters().bury(poison, reason)).isFalse();

    DeadLetter letter = new DeadLetter(poison, calls.get(1), reason, ManualClock.START);
    assertThat(letter.reason()).doesNotContain("\0");
    assertThat(restarted().deadLetters().list(0, 10)).containsExactly(letter);
    assertThat(spool().deadLetters().list(poison, 10)).isEmpty();
    assertThat(calls(spool().read(0, 10))).containsExactly(calls.get(0), calls.get(2));
    spool().remove(Set.of(poison));
    assertThat(spool().deadLetters().list(0, 10)).containsExactly(letter);
  }

  @Test
  final void aDeadLetterIsPutBackAtItsOldPlaceOrForgotten() {
    List<SpooledCall> calls = calls(3);
    spool().append(calls, Map.of());
    List<SpoolEntry> entries = spool().read(0, 10);
    spool().deadLetters().bury(entries.get(0).position(), "first");
    spool().deadLetters().bury(entries.get(1).position(), "second");

    assertThat(spool().deadLetters().restore(entries.get(0).position())).isTrue();
    assertThat(spool().deadLetters().restore(entries.get(0).position())).isFalse();
    assertThat(spool().deadLetters().discard(entries.get(1).position())).isTrue();
    assertThat(spool().deadLetters().discard(entries.get(1).position())).isFalse();
    assertThat(spool().deadLetters().discard(entries.get(2).position()))
        .as("one that waits is no dead letter")
        .isFalse();

    assertThat(restarted().read(0, 10)).containsExactly(entries.get(0), entries.get(2));
    assertThat(spool().deadLetters().list(0, 10)).isEmpty();
  }

  @Test
  final void openAmountsAddUpAcrossRestartsUntilTheyAreReset() {
    spool().append(calls(1), Map.of(ALICE, 5L, BOB, 7L));
    spool().append(List.of(), Map.of(ALICE, 10L));
    spool().append(List.of(), Map.of(ALICE, -3L, BOB, -9L));

    assertThat(restarted().openAmounts().sums()).isEqualTo(Map.of(ALICE, 12L));
    assertThat(spool().openAmounts().complete()).isTrue();

    spool().openAmounts().reset(Map.of());
    assertThat(spool().openAmounts().sums()).isEmpty();
    assertThat(restarted().openAmounts().sums()).isEmpty();
    assertThat(calls(spool().read(0, 10))).hasSize(1);
  }

  @Test
  final void theStateCountsWhatIsKept() {
    SpoolState empty = spool().state();
    List<SpooledCall> calls =
        List.of(
            new SpooledCall(aCall().usage(), false, true, at(9)),
            new SpooledCall(aCall().usage(), false, true, at(5)));
    spool().append(calls, Map.of());
    SpoolState two = spool().state();
    spool().deadLetters().bury(spool().read(0, 1).get(0).position(), "refused");
    SpoolState one = spool().state();

    assertThat(empty.waiting()).isZero();
    assertThat(empty.oldest()).isNull();
    assertThat(two.waiting()).isEqualTo(2);
    assertThat(two.oldest()).isEqualTo(at(9));
    assertThat(two.maxBytes()).isPositive();
    assertThat(one.waiting()).isEqualTo(1);
    assertThat(one.deadLetters()).isEqualTo(1);
    assertThat(one.oldest()).isEqualTo(at(5));
    assertThat(one.setAside()).isEmpty();
    assertThat(restarted().state()).isEqualTo(one);
  }

  @Test
  final void aFullSpoolRefusesAndHasRoomAgainOnceCallsAreBooked() {
    List<SpooledCall> appended = new ArrayList<>();

    assertThatThrownBy(() -> fill(appended))
        .isInstanceOfSatisfying(
            SpoolFullException.class,
            full -> {
              assertThat(full.bytes()).isPositive();
              assertThat(full.maxBytes()).isEqualTo(spool().state().maxBytes());
            })
        .hasMessageContaining("full");

    assertThat(spool().state().waiting()).isEqualTo(appended.size());
    assertThat(spool().state().bytes()).isLessThanOrEqualTo(spool().state().maxBytes());
    List<SpoolEntry> entries = spool().read(0, Integer.MAX_VALUE);
    assertThat(calls(entries)).isEqualTo(appended);
    spool().deadLetters().bury(entries.get(0).position(), "x".repeat(4_000));
    spool().remove(positions(entries.subList(1, entries.size())));
    spool().append(calls(100), Map.of());
    assertThat(spool().state().waiting()).isEqualTo(100);
  }

  private void fill(List<SpooledCall> appended) {
    while (appended.size() < 1_000_000) {
      List<SpooledCall> more = calls(100);
      spool().append(more, Map.of());
      appended.addAll(more);
    }
  }

  @Test
  final void manyThreadsLoseNothing() {
    Spool spool = spool();
    List<List<SpooledCall>> all =
        ParallelRun.of(
            8,
            thread ->
                () -> {
                  List<SpooledCall> calls = calls(20);
                  calls.forEach(call -> spool.append(List.of(call), Map.of(ALICE, 1L)));
                  return calls;
                });

    List<SpooledCall> kept = calls(spool.read(0, 1_000));
    assertThat(kept).hasSize(160);
    all.forEach(calls -> assertThat(kept).containsSubsequence(calls));
    assertThat(spool.openAmounts().sums()).isEqualTo(Map.of(ALICE, 160L));
  }

  @Test
  final void afterCloseEveryMethodSaysSo() {
    Spool spool = spool();
    spool.close();
    spool.close();

    for (Runnable use :
        List.<Runnable>of(
            () -> spool.append(calls(1), Map.of()),
            () -> spool.read(0, 1),
            () -> spool.remove(Set.of(1L)),
            () -> spool.deadLetters().list(0, 1),
            () -> spool.openAmounts().sums(),
            spool::state)) {
      assertThatThrownBy(use::run)
          .isInstanceOfSatisfying(
              BackendException.class,
              closed -> assertThat(closed.kind()).isEqualTo(BackendException.Kind.CLOSED));
    }
  }

  private static Instant at(int minutesBefore) {
    return ManualClock.START.minusSeconds(60L * minutesBefore);
  }

  private static List<SpooledCall> calls(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new SpooledCall(aCall().usage(), false, true, ManualClock.START))
        .toList();
  }

  private static List<SpooledCall> calls(List<SpoolEntry> entries) {
    return entries.stream().map(SpoolEntry::call).toList();
  }

  private static Set<Long> positions(List<SpoolEntry> entries) {
    return entries.stream().map(SpoolEntry::position).collect(Collectors.toSet());
  }
}
