package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.usage.Cost;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A limit that is saved counts the calls under way as if it had always been there. */
public class LimitsAndHoldsAcceptance extends AcceptanceTest {
  private static Limit tokens(long maximum) {
    return Limit.named("tokens").totalTokens(maximum).rolling(ofHours(1));
  }

  @Test
  final void aNewLimitHoldsWhatCallsUnderWayExpect() {
    HeldCall held = hold(aCall().by("ann").tokens(400, 100).costing("0.25"));

    save(tokens(1_000));
    save(Limit.named("calls").eachUser().requests(2).rolling(ofHours(1)));
    save(Limit.named("output").outputTokens(1_000).lifetime());
    save(Limit.named("cost").user("ann").cost(Cost.usd("1")).rollingMonths(1));
    save(Limit.named("others").user("bob").requests(1).lifetime());

    assertThat(check(aCall().tokens(501, 0))).isDenied().byExactly("tokens").used(0).held(500);
    assertThat(held("calls", aCall().by("ann"))).isEqualTo(1);
    assertThat(held("calls", aCall().by("bob"))).isZero();
    assertThat(held("output", aCall())).isEqualTo(100);
    assertThat(held("cost", aCall().by("ann"))).isEqualTo(250_000_000L);
    assertThat(held("others", aCall().by("bob"))).isZero();

    settle(held, aCall().by("ann").tokens(300, 50).costing("0.20"));

    assertThat(held("tokens", aCall())).isZero();
    assertThat(used("tokens", aCall())).isEqualTo(350);
    assertThat(held("calls", aCall().by("ann"))).isZero();
    assertThat(used("calls", aCall().by("ann"))).isEqualTo(1);
    assertThat(held("cost", aCall().by("ann"))).isZero();
  }

  @Test
  final void aChangedWindowMetricOrWatchGoesOnHolding() {
    save(tokens(1_000));
    HeldCall held = hold(aCall().by("ann").tokens(400, 100));

    save(Limit.named("tokens").totalTokens(1_000).rolling(ofHours(2)));
    assertThat(held("tokens", aCall())).isEqualTo(500);
    save(Limit.named("tokens").inputTokens(1_000).rolling(ofHours(2)));
    assertThat(held("tokens", aCall())).isEqualTo(400);
    save(Limit.named("tokens").eachUser().inputTokens(1_000).rolling(ofHours(2)));
    assertThat(held("tokens", aCall().by("ann"))).isEqualTo(400);
    assertThat(held("tokens", aCall().by("bob"))).isZero();

    held.release();
    assertThat(held("tokens", aCall().by("ann"))).isZero();
  }

  @Test
  final void whatWasHeldForANewLimitGrowsIsRenewedAndExpires() {
    HeldCall held = hold(aCall().tokens(400, 100));
    save(tokens(1_000));

    assertThat(held.grow(aCall().tokens(400, 700).request())).isDenied().byExactly("tokens");
    assertThat(held.grow(aCall().tokens(400, 300).request())).isAdmitted();
    assertThat(held("tokens", aCall())).isEqualTo(700);
    clock.advance(ofMinutes(5));
    held.renew();
    clock.advance(ofMinutes(6));
    assertThat(held("tokens", aCall())).isEqualTo(700);

    save(Limit.named("wider").totalTokens(9_000).rolling(ofHours(2)));
    assertThat(held("wider", aCall())).isEqualTo(700);
    clock.advance(ofMinutes(10));
    assertThat(held("tokens", aCall())).isZero();
    assertThat(held("wider", aCall())).isZero();
    save(Limit.named("late").totalTokens(9_000).rolling(ofHours(2)));
    assertThat(held("late", aCall())).isZero();
  }

  /** What a hold keeps leaves the window with its admission, whenever the limit was saved. */
  @Test
  final void whatIsHeldLeavesTheNewWindowWithItsAdmission() {
    hold(aCall().tokens(400, 100));
    clock.advance(ofSeconds(40));

    save(Limit.named("minute").totalTokens(1_000).rolling(ofMinutes(1)));
    save(Limit.named("half").totalTokens(1_000).rolling(ofSeconds(30)));

    assertThat(held("minute", aCall())).isEqualTo(500);
    assertThat(held("half", aCall())).isZero();
    clock.advance(ofSeconds(21));
    assertThat(held("minute", aCall())).isZero();
  }

  @Test
  final void aNewLimitOnCostHoldsItsCeilingForACallWithoutAPrice() {
    HeldCall held = hold(aCall().tokens(400, 100));
    Limit cost = Limit.named("cost").cost(Cost.usd("9")).rolling(ofHours(1));

    save(cost.onUnpriced(UnpricedPolicy.charge(Cost.usd("2"))));
    assertThat(held("cost", aCall())).isEqualTo(2_000_000_000L);
    save(cost);
    assertThat(held("cost", aCall())).isZero();

    settle(held, aCall().tokens(400, 100).costing("3"));
    assertThat(used("cost", aCall())).isEqualTo(3_000_000_000L);
  }

  @Test
  final void anExemptionLiftsWhatIsHeldAndGivesItBackWhenItGoes() {
    save(tokens(1_000));
    HeldCall ann = hold(aCall().by("ann").tokens(100, 0));
    hold(aCall().by("bob").tokens(200, 0));

    save(Limit.named("ann").user("ann").unlimited(Metric.TOTAL_TOKENS));
    assertThat(held("tokens", aCall())).isEqualTo(200);
    accounting().limits().delete("ann");
    assertThat(held("tokens", aCall())).isEqualTo(300);

    settle(ann, aCall().by("ann").tokens(90, 0));
    assertThat(held("tokens", aCall())).isEqualTo(200);
    assertThat(used("tokens", aCall())).isEqualTo(90);
  }

  @Test
  final void aDeletedLimitIsForgottenByHoldsAndComesBackWithThem() {
    save(tokens(1_000));
    HeldCall held = hold(aCall().tokens(100, 0));

    accounting().limits().delete("tokens");
    save(tokens(1_000));

    assertThat(held("tokens", aCall())).isEqualTo(100);
    held.release();
    assertThat(held("tokens", aCall())).isZero();
  }

  /** Invariants 1 and 3, while the limit is made anew again and again. */
  @Test
  final void nothingIsOvershotOrLeaksWhileALimitIsRedefined() throws Exception {
    int maximum = 60;
    save(Limit.named("calls").requests(maximum).rolling(ofHours(1)));
    List<LlmAccounting> instances = List.of(accounting(), another());
    AtomicInteger settled = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();

    Crowd.run(
        5,
        number -> {
          LlmAccounting mine = instances.get(number % 2);
          if (number == 4) {
            for (int hours = 2; !over.get() && hours < 40; hours++) {
              mine.limits().save(Limit.named("calls").requests(maximum).rolling(ofHours(hours)));
            }
            return;
          }
          for (int i = 0; i < 30; i++) {
            Optional<HeldCall> held = mine.quotas().reserve(aCall().request()).hold();
            if (held.isPresent() && i % 3 == 0) {
              held.get().release();
            } else if (held.isPresent()) {
              held.get().settle(aCall().id(held.get().id()).usage());
              settled.incrementAndGet();
            }
          }
          over.set(true);
        });

    assertThat(settled.get()).isLessThanOrEqualTo(maximum);
    assertThat(used("calls", aCall())).isEqualTo(settled.get());
    assertThat(held("calls", aCall())).isZero();
  }

  /** A limit and the exemption that lifts it are saved by two processes at the same instant. */
  @Test
  final void aLimitAndItsExemptionSavedAtOnceAgree() throws Exception {
    List<LlmAccounting> instances = List.of(accounting(), another());
    track(3, aCall().by("ann"));
    track(2, aCall().by("bob"));
    for (int round = 0; round < 8; round++) {
      accounting().limits().delete("tokens");
      accounting().limits().delete("ann");

      Crowd.run(
          2,
          number ->
              instances
                  .get(number)
                  .limits()
                  .save(
                      number == 0
                          ? Limit.named("tokens").requests(10).rolling(ofHours(1))
                          : Limit.named("ann").user("ann").unlimited(Metric.REQUESTS)));

      assertThat(used("tokens", aCall().by("bob"))).isEqualTo(2);
    }
  }
}
