package io.llmaccounting.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Denials are counted by the minute; alerts are kept once under their id until delivered. */
public abstract class DenialAndAlertContract extends BackendContract {
  private static final Instant START = ManualClock.START;

  /** Scenario 38: every denial is counted. */
  @Test
  final void denialsOfOneMinuteAddUpWithTheLastReason() {
    deny(new DenialCount("l", "user=a", START, 2, 10, "first"));
    deny(new DenialCount("l", "user=a", START, 3, 20, "last"));

    assertThat(denials(TimeRange.always()))
        .containsExactly(new DenialCount("l", "user=a", START, 5, 20, "last"));
  }

  @Test
  final void denialsOfOneTransactionAddUp() {
    deny(
        new DenialCount("l", "user=a", START, 1, 10, "first"),
        new DenialCount("l", "user=b", START, 1, 10, "other"),
        new DenialCount("l", "user=a", START, 1, 20, "last"));

    assertThat(denials(TimeRange.always()))
        .containsExactlyInAnyOrder(
            new DenialCount("l", "user=a", START, 2, 20, "last"),
            new DenialCount("l", "user=b", START, 1, 10, "other"));
  }

  @Test
  final void limitsSubjectsAndMinutesAreCountedApart() {
    deny(new DenialCount("l", "", START, 1, 1, "r"));
    deny(new DenialCount("L", "", START, 1, 1, "r"));
    deny(new DenialCount("l", "user=a", START, 1, 1, "r"));
    deny(new DenialCount("l", "", START.plusSeconds(60), 1, 1, "r"));

    assertThat(denials(TimeRange.always())).hasSize(4).allMatch(denial -> denial.count() == 1);
  }

  @Test
  final void denialsAreReadByMinuteNewestFirst() {
    for (int minute = 0; minute < 5; minute++) {
      deny(Holds.denial("user=a", START.plus(Duration.ofMinutes(minute)), 1));
    }

    TimeRange period = new TimeRange(START.plusSeconds(60), START.plusSeconds(240));

    assertThat(denials(period).stream().map(DenialCount::minute))
        .containsExactly(START.plusSeconds(180), START.plusSeconds(120), START.plusSeconds(60));
  }

  @Test
  final void denialsOfManyThreadsAreAllCounted() {
    UsageBackend backend = backend();

    ParallelRun.of(
        4,
        thread ->
            () -> {
              for (int i = 0; i < 25; i++) {
                transact(
                    backend, Set.of(), view -> Holds.denying(Holds.denial("user=a", START, 1)));
              }
              return true;
            });

    assertThat(denials(TimeRange.always())).containsExactly(Holds.denial("user=a", START, 100));
  }

  @Test
  final void anAlertComesBackAsItFired() {
    Alert alert =
        new Alert(
            new UUID(-1, 1), "o'limit", "user=\u00e4", 1_000, START.plusNanos(1_000), 1L << 62, 0);
    fire(alert);

    assertThat(backend().ledger().alerts(true)).containsExactly(alert);
    assertThat(reopen().ledger().alerts(false)).containsExactly(alert);
  }

  @Test
  final void anAlertIsKeptOnceUnderItsId() {
    Alert first = Holds.alert(new UUID(1, 1), START);
    fire(first);
    fire(Holds.alert(new UUID(1, 1), START.plusSeconds(9)), Holds.alert(new UUID(1, 2), START));

    assertThat(backend().ledger().alerts(false)).contains(first).hasSize(2);
  }

  @Test
  final void alertsAreListedOldestFirst() {
    Alert second = Holds.alert(new UUID(1, 1), START.plusSeconds(2));
    Alert first = Holds.alert(new UUID(1, 9), START.plusSeconds(1));
    Alert third = Holds.alert(new UUID(1, 5), START.plusSeconds(3));
    fire(second, first, third);

    assertThat(backend().ledger().alerts(false)).containsExactly(first, second, third);
  }

  @Test
  final void aDeliveredAlertStaysDelivered() {
    Alert delivered = Holds.alert(new UUID(1, 1), START);
    Alert waiting = Holds.alert(new UUID(1, 2), START);
    fire(delivered, waiting);

    backend().ledger().markDelivered(Set.of(delivered.id()));
    fire(delivered);

    assertThat(backend().ledger().alerts(true)).containsExactly(waiting);
    assertThat(another().ledger().alerts(true)).containsExactly(waiting);
    assertThat(backend().ledger().alerts(false)).containsExactlyInAnyOrder(delivered, waiting);
  }

  @Test
  final void markingUnknownAlertsChangesNothing() {
    Alert later = Holds.alert(new UUID(1, 1), START);

    backend().ledger().markDelivered(Set.of(later.id()));
    backend().ledger().markDelivered(Set.of());
    fire(later);

    assertThat(backend().ledger().alerts(true)).containsExactly(later);
  }

  private void deny(DenialCount... denials) {
    transact(backend(), Set.of(), view -> Holds.denying(denials));
  }

  private void fire(Alert... alerts) {
    transact(backend(), Set.of(), view -> Holds.firing(alerts));
  }

  private List<DenialCount> denials(TimeRange period) {
    return backend().ledger().denials(period);
  }
}
