package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a hold tells of the call that settles it. */
public class SettlingAcceptance extends AcceptanceTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m")
          .provider("openai")
          .operation("chat")
          .attribution(new Attribution("p", "ann", "app", "s", Map.of("team", "red")))
          .inputTokens(500)
          .maxOutputTokens(0)
          .key("job-1");

  private HeldCall taken() {
    return accounting().quotas().reserve(REQUEST).hold().orElseThrow();
  }

  private HeldCall elsewhere(HeldCall held) {
    return another().quotas().hold(held.id());
  }

  private void limits() {
    save(Limit.named("ann").user("ann").totalTokens(1_000).lifetime());
    save(Limit.named("bob").user("bob").totalTokens(1_000).lifetime());
  }

  /** faults A8: tokens are enough, the hold tells the rest. */
  @Test
  final void tokensSettleAHold() {
    limits();
    HeldCall held = taken();

    assertThat(held.settle(TokenUsage.of(30, 10))).isRecorded().leaves("ann", 960);

    Usage usage = stored(held.id()).usage();
    assertThat(usage.model()).isEqualTo("m");
    assertThat(usage.provider()).isEqualTo("openai");
    assertThat(usage.operation()).isEqualTo("chat");
    assertThat(usage.key()).isEqualTo("job-1");
    assertThat(usage.attribution()).isEqualTo(REQUEST.attribution());
    assertThat(usage.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(held("ann", aCall().by("ann"))).isZero();
  }

  /** As of calls that end, with what they cost; of one that is settled again as a duplicate. */
  @Test
  final void listenersHearOfWhatSettlesAHold() {
    List<Usage> heard = new CopyOnWriteArrayList<>();
    List<Receipt> receipts = new CopyOnWriteArrayList<>();
    QuotaService quotas =
        another(
                settings ->
                    settings.listener(
                        new CallListener() {
                          @Override
                          public void recorded(Usage usage, Receipt receipt) {
                            heard.add(usage);
                            receipts.add(receipt);
                          }
                        }))
            .quotas();
    HeldCall held = quotas.reserve(REQUEST).hold().orElseThrow();
    HeldCall unknown = accounting().quotas().reserve(REQUEST.key("job-2")).hold().orElseThrow();

    Receipt receipt = held.settle(TokenUsage.of(30, 10));
    Receipt again = held.settle(TokenUsage.of(30, 10));
    Receipt other =
        quotas.hold(unknown.id()).settleAsync(TokenUsage.of(1, 2)).toCompletableFuture().join();

    assertThat(receipts).containsExactly(receipt, again, other);
    assertThat(heard).extracting(Usage::id).containsExactly(held.id(), held.id(), other.id());
    assertThat(heard.get(0).computedCost()).isEqualTo(stored(held.id()).usage().computedCost());
    assertThat(heard.get(0).attribution()).isEqualTo(REQUEST.attribution());
  }

  /** faults A8: another process knows the id only. */
  @Test
  final void anAnswerSettlesAHoldOfAnotherProcess() {
    limits();
    HeldCall held = taken();
    ModelAnswer answer =
        ModelAnswer.builder().responseModel("m-1").tokens(TokenUsage.of(30, 10)).build();

    assertThat(elsewhere(held).settle(answer)).isRecorded().leaves("ann", 960);
    assertThat(elsewhere(held).settle(answer)).isDuplicate();

    Usage usage = stored(held.id()).usage();
    assertThat(usage.responseModel()).isEqualTo("m-1");
    assertThat(usage.provider()).isEqualTo("openai");
    assertThat(usage.attribution()).isEqualTo(REQUEST.attribution());
    assertThat(accounting().tail()).hasSize(1);
  }

  /** faults A8: a finished record is completed as well. */
  @Test
  final void whatARecordLeavesOpenIsTakenFromTheHold() {
    limits();
    HeldCall held = taken();
    Usage bare = Usage.of("m", clock.instant()).id(held.id()).inputTokens(7).build();

    assertThat(elsewhere(held).settle(bare)).isRecorded().leaves("ann", 993);
    assertThat(elsewhere(held).settle(bare)).isDuplicate();

    assertThat(stored(held.id()).usage().provider()).isEqualTo("openai");
    assertThat(stored(held.id()).usage().attribution()).isEqualTo(REQUEST.attribution());
  }

  /** faults A8: nobody's hold is settled onto somebody else, here or elsewhere. */
  @Test
  final void aSettleThatContradictsItsHoldIsRefused() {
    limits();
    HeldCall held = taken();

    for (HeldCall one : new HeldCall[] {held, elsewhere(held)}) {
      refused(one, aCall().on("m").by("bob").id(held.id()).usage(), "user", "ann", "bob");
      refused(one, aCall().on("other").id(held.id()).usage(), "model", "m", "other");
      refused(one, aCall().on("m").provider("x").id(held.id()).usage(), "provider", "openai", "x");
      refused(one, aCall().on("m").in("q").id(held.id()).usage(), "project", "p", "q");
      refused(one, aCall().on("m").caller("q").id(held.id()).usage(), "caller", "app", "q");
      refused(one, aCall().on("m").session("q").id(held.id()).usage(), "session", "s", "q");
      refused(one, aCall().on("m").tag("team", "q").id(held.id()).usage(), "tag team", "red", "q");
    }

    assertThat(accounting().tail()).isEmpty();
    assertThat(held("ann", aCall().by("ann"))).isEqualTo(500);
    assertThat(used("bob", aCall().by("bob"))).isZero();
  }

  @Test
  final void aHoldSaysForWhichCallItWasTakenAlsoElsewhereAndOnceItIsRecorded() {
    limits();
    HeldCall held = taken();
    for (HeldCall one : new HeldCall[] {held, elsewhere(held)}) {
      assertThat(outcome(one.heldForAsync()).map(CallRequest::attribution))
          .contains(REQUEST.attribution());
    }

    held.settle(aCall().on("m").id(held.id()).usage());

    assertThat(outcome(elsewhere(held).heldForAsync()).map(CallRequest::model)).contains("m");
    assertThat(outcome(accounting().quotas().hold(accounting().newId()).heldForAsync())).isEmpty();
  }

  private static void refused(HeldCall held, Usage actual, String field, String was, String said) {
    assertThatThrownBy(() -> held.settle(actual))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "%s must be what the hold %s says, \"%s\", was \"%s\"", field, held.id(), was, said);
  }

  private static <T> T outcome(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Test
  final void aHoldGrowsIsRenewedAndSettledWithoutWaiting() {
    limits();
    HeldCall held = taken();

    assertThat(outcome(held.growAsync(REQUEST.inputTokens(700)))).isAdmitted();
    assertThat(held("ann", aCall().by("ann"))).isEqualTo(700);
    assertThat(outcome(held.growAsync(REQUEST.inputTokens(1_100)))).isDenied().byExactly("ann");
    clock.advance(Duration.ofMinutes(1));
    assertThat(outcome(elsewhere(held).renewAsync()))
        .isAfterOrEqualTo(clock.instant().plusSeconds(600));
    assertThat(outcome(held.settleAsync(TokenUsage.of(30, 10)))).isRecorded().leaves("ann", 960);

    assertThat(outcome(elsewhere(held).settleAsync(TokenUsage.of(30, 10)))).isDuplicate();
    assertThat(held.growAsync(REQUEST).toCompletableFuture())
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .withCauseInstanceOf(IllegalStateException.class);
    assertThat(held("ann", aCall().by("ann"))).isZero();
  }

  @Test
  final void aHoldIsReleasedOrSettledByAWholeRecordWithoutWaiting() {
    limits();
    HeldCall released = taken();
    HeldCall settled = taken();

    assertThat(outcome(released.releaseAsync())).isNull();
    assertThat(outcome(released.releaseAsync())).isNull();
    Usage other = aCall().on("other").id(settled.id()).usage();
    assertThat(settled.settleAsync(other).toCompletableFuture())
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableThat()
        .withCauseInstanceOf(IllegalArgumentException.class);
    assertThat(held("ann", aCall().by("ann"))).isEqualTo(500);
    assertThat(outcome(settled.settleAsync(aCall().on("m").id(settled.id()).usage()))).isRecorded();

    assertThat(held("ann", aCall().by("ann"))).isZero();
    assertThat(accounting().tail()).hasSize(1);
  }

  /** faults A8: nothing tells which call a released hold was for. */
  @Test
  final void aReleasedHoldOfAnotherProcessNeedsAWholeRecord() {
    HeldCall held = taken();
    held.release();

    assertThatThrownBy(() -> elsewhere(held).settle(TokenUsage.of(1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(held.id().toString());
    assertThat(elsewhere(held).settle(aCall().on("m").id(held.id()).usage())).isRecorded();
  }
}
