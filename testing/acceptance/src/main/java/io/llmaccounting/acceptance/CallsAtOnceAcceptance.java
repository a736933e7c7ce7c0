package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.limit.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Limits on how many calls are under way at once. */
@DisplayName("reading new capabilities: a limit on calls under way")
public class CallsAtOnceAcceptance extends AcceptanceTest {
  private static final Duration MICRO = ofNanos(1_000);

  private void saveTwoEach() {
    save(Limit.named("at once").eachUser().concurrentCalls(2));
  }

  private static Decision.Denied denied(Decision decision) {
    assertThat(decision).isDenied();
    return (Decision.Denied) decision;
  }

  @Test
  final void asManyAreUnderWayAsItSaysAndEveryEndMakesRoom() {
    saveTwoEach();
    HeldCall settled = hold(aCall().by("a"));
    HeldCall released = hold(aCall().by("a"));

    assertThat(reserve(aCall().by("a")).decision()).isDenied().byExactly("at once").held(2);
    assertThat(check(aCall().by("a"))).isDenied();
    assertThat(check(aCall().by("b"))).isAdmitted();
    assertThat(check(aCall())).isAdmitted();

    settle(settled, aCall().by("a").tokens(10, 10));
    assertThat(status("at once", aCall().by("a")).remaining()).hasToString("1 call under way");
    HeldCall third = hold(aCall().by("a"));
    assertThat(check(aCall().by("a"))).isDenied();
    released.release();
    third.release();
    assertThat(used("at once", aCall().by("a"))).isZero();
    assertThat(held("at once", aCall().by("a"))).isZero();
  }

  @Test
  final void whatIsTrackedIsNeitherCountedNorDenied() {
    save(Limit.named("at once").concurrentCalls(1));
    HeldCall only = hold(aCall());

    track(5, aCall());

    assertThat(held("at once", aCall())).isEqualTo(1);
    only.release();
    assertThat(check(aCall())).isAdmitted();
    assertThat(status("at once", aCall()).currentWindow()).isNull();
  }

  /** Nobody can foretell when a call ends: what is told is when its hold expires at the latest. */
  @Test
  final void aDenialPromisesNoInstantButSaysTheLatest() {
    save(Limit.named("at once").concurrentCalls(2));
    assertThat(reserve(lasting(ofMinutes(10))).hold()).isPresent();
    HeldCall shorter = reserve(lasting(ofMinutes(3))).hold().orElseThrow();
    Instant expires = clock.instant().plus(ofMinutes(3));

    Decision.Denied denied = denied(check(aCall()));

    assertThat(denied.retryAfter()).isEmpty();
    assertThat(denied.retryAfterSeconds()).isEmpty();
    assertThat(denied.neverFits()).isFalse();
    assertThat(denied.primary().awaitsEnd()).isTrue();
    assertThat(denied.fitsAt()).contains(expires);
    assertThat(denied.toString()).contains("2 under way").contains("PT3M at the latest");
    clock.advance(ofMinutes(1));
    shorter.renew();
    assertThat(denied(check(aCall())).fitsAt()).contains(expires.plus(ofMinutes(1)));
    save(Limit.named("none").user("u").concurrentCalls(0));
    assertThat(check(aCall().by("u"))).isDenied().neverFits();
  }

  @Test
  final void whereAnotherLimitRefusesTooItSaysHowLongThatOneDoes() {
    save(Limit.named("at once").concurrentCalls(1));
    save(Limit.named("hour").requests(1).rolling(ofHours(1)));
    hold(aCall());
    clock.advance(ofMinutes(1));

    // the hold expires after ten minutes
    assertThat(denied(check(aCall())).retryAfter()).contains(ofMinutes(9));
    assertThat(check(aCall())).isDenied().byExactly("at once", "hour");
  }

  private static CallRequest lasting(Duration time) {
    return aCall().request().holdFor(time);
  }

  private Reservation reserve(CallRequest request) {
    return accounting().quotas().reserve(request);
  }

  /**
   * A process that is killed neither settles nor releases: its holds stop counting by themselves.
   */
  @Test
  final void aHoldThatExpiredDoesNotCountAndOneThatIsRenewedDoes() {
    save(Limit.named("at once").concurrentCalls(2));
    HeldCall kept = reserve(lasting(ofMinutes(1))).hold().orElseThrow();
    HeldCall lost = reserve(lasting(ofMinutes(1))).hold().orElseThrow();
    clock.advance(ofSeconds(59));
    kept.renew();
    clock.advance(ofSeconds(1).minus(MICRO));
    assertThat(check(aCall())).isDenied();

    clock.advance(MICRO);

    assertThat(check(aCall())).isAdmitted();
    HeldCall next = hold(aCall());
    assertThat(check(aCall())).isDenied().held(2);
    lost.settle(aCall().id(lost.id()).usage());
    assertThat(check(aCall())).isDenied().held(2);
    next.release();
    assertThat(check(aCall())).isAdmitted();
  }

  @Test
  final void aCallUnderWayThatGrowsIsNotAskedAgain() {
    save(Limit.named("at once").concurrentCalls(1));
    HeldCall held = hold(aCall().tokens(5, 5));

    assertThat(held.grow(aCall().tokens(5, 500).request())).isAdmitted();
    assertThat(held("at once", aCall())).isEqualTo(1);
  }

  /** A limit that comes later counts the calls that are under way already. */
  @Test
  final void aLimitSavedMeanwhileCountsCallsUnderWay() {
    HeldCall first = hold(aCall().by("a"));
    hold(aCall().by("a"));
    hold(aCall().by("b"));

    saveTwoEach();

    assertThat(check(aCall().by("a"))).isDenied().held(2);
    assertThat(check(aCall().by("b"))).isAdmitted();
    save(Limit.named("at once").eachUser().concurrentCalls(1));
    assertThat(status("at once", aCall().by("a")).overshoot()).isEqualTo(1);
    first.release();
    assertThat(check(aCall().by("a"))).isDenied().held(1);
    save(Limit.named("at once").requests(5).rolling(ofMinutes(1)));
    assertThat(held("at once", aCall())).isEqualTo(2);
    save(Limit.named("at once").concurrentCalls(2));
    clock.advance(ofMinutes(2));
    assertThat(check(aCall())).isDenied().held(2);
  }

  @Test
  final void exemptionsLiftItAndWarningsOnlyWarn() {
    save(Limit.named("at once").concurrentCalls(1));
    save(Limit.named("root").user("root").unlimited(Metric.CONCURRENT));
    hold(aCall().by("root"));
    hold(aCall().by("root"));
    hold(aCall().by("a"));
    assertThat(check(aCall().by("a"))).isDenied().held(1);
    accounting().limits().delete("root");
    assertThat(check(aCall().by("a"))).isDenied().held(3);

    save(Limit.named("at once").concurrentCalls(1).warning());

    Decision.Admitted warned = (Decision.Admitted) check(aCall());
    assertThat(warned.warnings()).hasSize(1);
    assertThat(warned.warnings().get(0).toString()).contains("3 under way");
  }

  @Test
  final void statusExplainAndTheAuditLogTellIt() {
    saveTwoEach();
    hold(aCall().by("a"));
    save(Limit.named("at once").eachUser().concurrentCalls(3));

    List<LimitStatus> all = another().limits().status("at once");
    assertThat(all).hasSize(1);
    assertThat(all.get(0).held()).isEqualTo(1);
    assertThat(all.get(0).limit().window()).isEqualTo(new Window.Now());
    assertThat(accounting().quotas().explain(aCall().by("a").request()).limits().get(0).because())
        .isEqualTo("1 under way, left 2");
    Map<String, String> change =
        accounting().audit().find(AuditQuery.latest(10).ofType(AuditEntry.ADMIN)).stream()
            .map(entry -> entry.attributes())
            .filter(attributes -> "changed".equals(attributes.get("change")))
            .findFirst()
            .orElseThrow();
    assertThat(change).containsEntry("old", "maximum=2").containsEntry("new", "maximum=3");
  }

  @Test
  final void itKeepsNoRecordFromBeingPurgedAndIsCountedAnewByRebuild() {
    save(Limit.named("at once").concurrentCalls(1));
    track(3, aCall());
    HeldCall held = hold(aCall());
    clock.advance(ofMinutes(5));

    accounting().admin().purge(clock.instant()).run();
    accounting().admin().rebuild();

    assertThat(check(aCall())).isDenied().held(1);
    held.release();
    assertThat(check(aCall())).isAdmitted();
  }

  /**
   * Holds that expire at many instants are merged in the counter; each still gives back its own.
   */
  @Test
  final void hundredsAreCountedOneByOne() {
    save(Limit.named("at once").concurrentCalls(400));
    List<HeldCall> holds = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      holds.add(reserve(lasting(ofSeconds(60 + i))).hold().orElseThrow());
    }
    assertThat(check(aCall())).isDenied().held(400);

    for (int i = 0; i < 400; i++) {
      holds.get((i * 7) % 400).release();
      assertThat(held("at once", aCall())).isEqualTo(399 - i);
    }
  }

  @Test
  final void sixteenThreadsAreNeverMoreAtOnceThanItSays() throws Exception {
    save(Limit.named("at once").concurrentCalls(5));
    List<LlmAccounting> instances = List.of(accounting(), another());
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger admitted = new AtomicInteger();

    Crowd.run(
        16,
        number -> {
          LlmAccounting accounting = instances.get(number % 2);
          for (int i = 0; i < 30; i++) {
            Reservation reservation = accounting.quotas().reserve(aCall().request());
            if (reservation.hold().isPresent()) {
              admitted.incrementAndGet();
              most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
              HeldCall held = reservation.hold().orElseThrow();
              underWay.decrementAndGet();
              end(held, i);
            }
          }
        });

    assertThat(most.get()).isBetween(1, 5);
    assertThat(admitted.get()).isGreaterThanOrEqualTo(5);
    assertThat(held("at once", aCall())).isZero();
  }

  private static void end(HeldCall held, int number) {
    if (number % 2 == 0) {
      held.release();
    } else {
      held.settle(aCall().id(held.id()).usage());
    }
  }

  @Test
  final void sixteenThreadsThatKeepWhatTheyGetGetExactlyWhatItSays() throws Exception {
    save(Limit.named("at once").concurrentCalls(50));
    List<LlmAccounting> instances = List.of(accounting(), another());
    AtomicInteger admitted = new AtomicInteger();

    Crowd.run(
        16,
        number -> {
          for (int i = 0; i < 8; i++) {
            boolean held =
                instances.get(number % 2).quotas().reserve(aCall().request()).hold().isPresent();
            admitted.addAndGet(held ? 1 : 0);
          }
        });

    assertThat(admitted.get()).isEqualTo(50);
    assertThat(held("at once", aCall())).isEqualTo(50);
  }

  @Test
  final void nonsenseIsRefusedAtDefinition() {
    assertThatThrownBy(() -> Limit.named("x").of(Metric.CONCURRENT, 5).rolling(ofHours(1)))
        .hasMessageContaining("\"x\"")
        .hasMessageContaining("must be now");
    assertThatThrownBy(() -> Limit.named("x").requests(5).over(new Window.Now()))
        .hasMessageContaining("was now");
    assertThatThrownBy(() -> Limit.named("x").concurrentCalls(5).alertingAt(80))
        .hasMessageContaining("no alerts");
    assertThatThrownBy(() -> Limit.named("x").concurrentCalls(-1)).hasMessageContaining("-1");
    assertThat(Limit.named("x").concurrentCalls(5)).hasToString("CONCURRENT limit \"x\" of 5, now");
    assertThat(Window.parse("now")).isEqualTo(new Window.Now());
  }
}
