package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits whose slices are leased to processes. */
public class LeasesAcceptance extends AcceptanceTest {
  private static final Cost CENT = Cost.usd("0.01");

  private static CallRequest call() {
    return CallRequest.to("gpt-5-mini").inputTokens(0).maxOutputTokens(0).cost(CENT);
  }

  private Limit dollars(String maximum) {
    return save(Limit.named("budget").cost(Cost.usd(maximum)).lifetime().leased());
  }

  private static void make(LlmAccounting accounting) {
    try (LlmCall call = accounting.begin(call())) {
      call.succeeded(TokenUsage.of(1, 1), CENT);
    }
  }

  private List<HoldRecord> leases() {
    return backend().ledger().holds().stream().filter(hold -> hold.lease() != null).toList();
  }

  /** Makes calls until the process has a lease with room. */
  private void lease(LlmAccounting accounting) {
    int before = leases().size();
    eventually(
        "a lease with room is there",
        () -> {
          make(accounting);
          return leases().stream()
                  .filter(lease -> lease.amounts().get(0).amount() > 10 * CENT.nanos())
                  .count()
              > before;
        });
  }

  @Test
  final void whoCallsOftenIsGivenALeaseThatCountsAsHeldForEverybody() {
    dollars("100");
    lease(accounting());

    LlmAccounting other = another();
    assertThat(leases()).hasSize(1);
    assertThat(other.quotas().status(call()).get(0).held()).isPositive();
    assertThat(other.quotas().status(call()).get(0).leased())
        .isEqualTo(other.quotas().status(call()).get(0).held());
    assertThat(accounting().admin().openHolds()).isEmpty();
  }

  @Test
  final void aCallFromALeaseNeedsNoHoldAndIsBookedWithItsRecord() {
    dollars("100");
    lease(accounting());
    long used = accounting().quotas().status(call()).get(0).used();

    LlmCall call = accounting().begin(call());
    assertThat(backend().ledger().holds()).allMatch(hold -> hold.lease() != null);
    call.succeeded(TokenUsage.of(1, 1), CENT);

    assertThat(accounting().quotas().status(call()).get(0).used()).isEqualTo(used + CENT.nanos());
    assertThat(stored(call.id()).late()).isFalse();
  }

  @Test
  final void neverMoreThanTheMaximumIsLetInAndAllOfIt() {
    dollars("1");
    LlmAccounting other = another();
    int admitted = 0;
    for (int i = 0; i < 150; i++) {
      for (LlmAccounting one : List.of(accounting(), other)) {
        try {
          make(one);
          admitted++;
        } catch (QuotaExceededException e) {
          assertThat(e.getMessage()).contains("budget");
        }
      }
      clock.advance(Duration.ofMillis(50));
    }

    assertThat(admitted).isEqualTo(100);
    assertThat(accounting().quotas().status(call()).get(0).used()).isEqualTo(Cost.usd("1").nanos());
  }

  @Test
  final void aLeaseIsSpentNoMoreOnceItsLimitIsInDebt() {
    dollars("100");
    lease(accounting());

    accounting()
        .track()
        .model("gpt-5-mini")
        .tokens(TokenUsage.of(1, 1))
        .cost(Cost.usd("200"))
        .record();

    assertThatThrownBy(() -> accounting().begin(call())).isInstanceOf(QuotaExceededException.class);
    eventually("the slice is given back", () -> leases().isEmpty());
    assertThatThrownBy(() -> accounting().begin(call())).isInstanceOf(QuotaExceededException.class);
  }

  @Test
  final void noCallIsLetInFromALeaseAfterOneThatCostMoreThanItAskedFor() {
    dollars("100");
    lease(accounting());

    accounting().begin(call()).succeeded(TokenUsage.of(1, 1), Cost.usd("200"));

    assertThatThrownBy(() -> accounting().begin(call())).isInstanceOf(QuotaExceededException.class);
  }

  @Test
  final void whatIsLeasedIsNotDeniedToItsOwnProcess() {
    dollars("1");
    lease(accounting());
    Cost rest =
        Cost.ofNanos(Cost.usd("1").nanos() - accounting().quotas().status(call()).get(0).used());

    assertThat(accounting().quotas().check(call().cost(rest))).isAdmitted();
    LlmCall all = accounting().begin(call().cost(rest));

    assertThatThrownBy(() -> accounting().begin(call())).isInstanceOf(QuotaExceededException.class);
    all.succeeded(TokenUsage.of(1, 1), rest);
  }

  @Test
  final void aDenialSaysWhatIsLeasedAndTheNextRenewalGivesItBack() {
    dollars("1");
    lease(accounting());
    long used = accounting().quotas().status(call()).get(0).used();
    Cost rest = Cost.ofNanos(Cost.usd("1").nanos() - used);
    LlmAccounting other = another();

    assertThatThrownBy(() -> other.begin(call().cost(rest)))
        .isInstanceOfSatisfying(
            QuotaExceededException.class,
            e -> {
              Decision.Denied denied = e.denied();
              assertThat(denied.exceeded().get(0).status().leased()).isPositive();
              assertThat(e.getMessage()).contains("leased by processes");
              assertThat(denied.retryAfter()).isPresent();
            });
    clock.advance(Duration.ofSeconds(3));

    eventually("the room is given back", () -> other.quotas().status(call()).get(0).leased() == 0);
    other.begin(call().cost(rest)).succeeded(TokenUsage.of(1, 1), rest);
  }

  @Test
  final void aLeaseIsGivenBackWhenItsProcessEndsOrHasNothingToDo() {
    dollars("100");
    LlmAccounting other = another();
    lease(other);
    other.close();
    assertThat(leases()).isEmpty();

    lease(accounting());
    clock.advance(Duration.ofSeconds(6));
    eventually("the idle lease is given back", () -> leases().isEmpty());
    assertThat(accounting().quotas().status(call()).get(0).held()).isZero();
  }

  @Test
  final void callsThatOutliveTheirTermStayHeldWhileTheirProcessLives() {
    dollars("100");
    lease(accounting());
    List<LlmCall> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(accounting().begin(call()));
    }
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofMillis(2_600));
      int step = i;
      eventually(
          "renewed at step " + step,
          () ->
              leases().stream()
                  .anyMatch(lease -> !lease.expiresAt().isBefore(clock.instant().plusSeconds(5))));
    }
    assertThat(accounting().quotas().status(call()).get(0).held())
        .isGreaterThanOrEqualTo(5 * CENT.nanos());

    calls.forEach(call -> call.succeeded(TokenUsage.of(1, 1), CENT));
    assertThat(calls).noneMatch(call -> stored(call.id()).late());
  }

  @Test
  final void aCallGrowsOutOfTheLeaseAndThenInTheLedger() {
    save(Limit.named("tokens").totalTokens(10_000).lifetime().leased());
    CallRequest small = CallRequest.to("m").inputTokens(10).maxOutputTokens(10);
    eventually(
        "a lease is there",
        () -> {
          accounting().begin(small).succeeded(TokenUsage.of(1, 1));
          return leases().stream().anyMatch(lease -> lease.amounts().get(0).amount() > 100);
        });

    LlmCall call = accounting().begin(small);
    assertThat(call.progress(TokenUsage.of(10, 40))).isAdmitted();
    assertThat(call.progress(TokenUsage.of(10, 5_000))).isAdmitted();
    assertThat(accounting().quotas().status(small).get(0).held()).isGreaterThanOrEqualTo(5_010);
    assertThat(call.progress(TokenUsage.of(10, 50_000))).isDenied();
    call.succeeded(TokenUsage.of(10, 5_000));
    accounting().close();
    assertThat(backend().ledger().holds()).isEmpty();
  }

  @Test
  final void aCallWatchedByALimitThatIsNotLeasedIsDecidedInTheLedger() {
    dollars("100");
    lease(accounting());
    save(Limit.named("calls").requests(1_000_000).lifetime());

    LlmCall call = accounting().begin(call());

    assertThat(backend().ledger().holds()).anyMatch(hold -> hold.id().equals(call.id()));
    call.succeeded(TokenUsage.of(1, 1), CENT);
  }

  @Test
  final void aChangeOfTheMaximumIsInForceAtTheNextRenewal() {
    dollars("100");
    lease(accounting());
    another().limits().save(Limit.named("budget").cost(CENT).lifetime().leased());
    clock.advance(Duration.ofSeconds(3));

    eventually(
        "the lease is empty", () -> accounting().quotas().status(call()).get(0).leased() == 0);
    assertThatThrownBy(() -> accounting().begin(call())).isInstanceOf(QuotaExceededException.class);
  }

  @Test
  final void aLimitThatIsLeasedNoMoreIsDecidedInTheLedger() {
    Limit limit = dollars("100");
    lease(accounting());
    save(limit.unleased());

    LlmCall call = accounting().begin(call());
    assertThat(backend().ledger().holds()).anyMatch(hold -> hold.id().equals(call.id()));
    call.succeeded(TokenUsage.of(1, 1), CENT);
  }

  @Test
  final void bufferedCallsKeepTheirPartOfTheLeaseUntilTheyAreStored() {
    dollars("1");
    LlmAccounting buffered = another(settings -> settings.buffered());
    int admitted = 0;
    for (int i = 0; i < 300; i++) {
      try {
        make(buffered);
        admitted++;
      } catch (QuotaExceededException e) {
        // what was accepted is booked before anybody looks
        buffered.flush();
      }
    }
    buffered.flush();

    assertThat(admitted).isEqualTo(100);
  }
}
