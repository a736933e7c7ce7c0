package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofMinutes;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a call is told that outgrows a limit: it has to fit beside what it holds itself. */
@Timeout(60)
public class OutgrownAcceptance extends OutageTest {
  private static CallRequest sized(long output) {
    return CallRequest.to("m").inputTokens(0).maxOutputTokens(output);
  }

  private static Decision grown(LlmCall call, long output) {
    return call.progress(TokenUsage.of(0, output));
  }

  @Test
  final void aCallWhoseTotalIsAboveTheMaximumNeverFits() {
    save(Limit.named("day").totalTokens(1_000).rolling(Duration.ofDays(1)));
    LlmCall call = accounting().begin(sized(400));

    assertThat(grown(call, 1_050)).isDenied().held(400).neverFits();
    assertThat(grown(call, 1_000)).isAdmitted();
    call.succeeded(TokenUsage.of(0, 1_000));
  }

  @Test
  final void aCallIsToldWhenOthersMakeRoomForItsTotal() {
    save(Limit.named("hour").totalTokens(1_000).rolling(ofMinutes(60)));
    track(aCall().tokens(0, 500));
    clock.advance(ofMinutes(30));
    HeldCall held = accounting().quotas().reserve(sized(400)).hold().orElseThrow();

    assertThat(held.grow(sized(600))).isDenied().retryAfter(ofMinutes(30));

    for (int minutes = 0; minutes < 30; minutes += 5) {
      clock.advance(ofMinutes(5));
      held.renew();
    }
    assertThat(held.grow(sized(600))).isAdmitted();
    held.release();
  }

  @Test
  final void aCallIsToldWhenItsOwnAdmissionLeavesTheWindow() {
    save(Limit.named("minutes").totalTokens(1_000).rolling(ofMinutes(20)));
    HeldCall held = accounting().quotas().reserve(sized(400)).hold().orElseThrow();
    clock.advance(ofMinutes(5));
    held.renew();
    track(aCall().tokens(0, 500));

    assertThat(held.grow(sized(600))).isDenied().retryAfter(ofMinutes(15));
    held.release();
  }

  @Test
  final void aLeasedCallWhoseTotalIsAboveTheMaximumNeverFits() {
    save(Limit.named("day").totalTokens(10_000).rolling(Duration.ofDays(1)).leased());
    eventually(
        "a lease is there",
        () -> {
          accounting().begin(sized(10)).succeeded(TokenUsage.of(0, 1));
          return backend().ledger().holds().stream().anyMatch(OutgrownAcceptance::isLeaseWithRoom);
        });
    LlmCall call = accounting().begin(sized(20));
    assertThat(backend().ledger().holds()).allMatch(hold -> hold.lease() != null);

    assertThat(grown(call, 10_001)).isDenied().neverFits();
    assertThat(grown(call, 9_000)).isAdmitted();
    assertThat(grown(call, 10_001)).isDenied().neverFits();
    call.succeeded(TokenUsage.of(0, 9_000));
  }

  private static boolean isLeaseWithRoom(HoldRecord hold) {
    return hold.lease() != null && hold.amounts().get(0).amount() > 100;
  }

  @Test
  final void whileTheStoreIsAwayACallWhoseTotalIsAboveTheMaximumNeverFits() {
    save(Limit.named("closed").totalTokens(1_000).rolling(Duration.ofDays(1)));
    LlmAccounting accounting = fragile(builder -> builder.spool(spool()));
    closing(accounting);
    LlmCall call = accounting.begin(sized(400));
    breakDown(accounting);

    assertThat(grown(call, 1_050)).isDenied().byExactly("closed").neverFits();
    assertThat(grown(call, 900)).isDenied().because(Exceeded.Reason.OUTAGE);
    call.close();
    recover(accounting);
  }

  @Test
  final void whileTheStoreIsAwayAnOpenAmountThatIsSpentIsNoReasonToComeBackWithTooMuch() {
    save(
        Limit.named("open")
            .outputTokens(1_000)
            .rolling(Duration.ofDays(1))
            .onOutage(OutagePolicy.failOpen(100)));
    LlmAccounting accounting = fragile(builder -> builder.spool(spool()));
    closing(accounting);
    LlmCall call = accounting.begin(sized(400));
    breakDown(accounting);

    assertThat(grown(call, 1_050)).isDenied().byExactly("open").neverFits();
    assertThat(grown(call, 900)).isDenied().because(Exceeded.Reason.OUTAGE);
    call.close();
    recover(accounting);
  }

  @Test
  final void aGrowthThatIsWarnedOfIsNoDenial() {
    save(Limit.named("soft").totalTokens(1_000).rolling(Duration.ofDays(1)).warning());
    LlmCall call = accounting().begin(sized(400));

    Decision.Admitted admitted = (Decision.Admitted) grown(call, 1_050);

    assertThat(List.copyOf(admitted.warnings())).hasSize(1);
    assertThat(admitted.warnings().get(0).fitsAt()).isEmpty();
    call.succeeded(TokenUsage.of(0, 1_050));
  }
}
