package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageTotals;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** faults A5: a call that ends without figures is closed with what is known of it. */
@DisplayName("faults A5: ends without figures")
public class EndsAcceptance extends AcceptanceTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(100).maxOutputTokens(300);

  private Usage only() {
    assertThat(accounting().tail()).hasSize(1);
    return accounting().tail().get(0).usage();
  }

  private UsageTotals total() {
    return accounting().report(TimeRange.always()).run().total();
  }

  private void requireEstimated(Outcome outcome, TokenUsage tokens) {
    assertThat(only().outcome()).isEqualTo(outcome);
    assertThat(only().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(only().tokens()).isEqualTo(tokens);
    assertThat(total().estimated()).isEqualTo(1);
    assertThat(total().missing()).isZero();
    assertThat(used("tokens", aCall())).isEqualTo(tokens.total());
    assertThat(held("tokens", aCall())).isZero();
    assertThat(accounting().health().counts().estimated()).isEqualTo(1);
  }

  private LlmCall begin() {
    save(Limit.named("tokens").totalTokens(100_000).lifetime());
    return accounting().begin(REQUEST);
  }

  @Test
  final void aStreamThatIsCutCountsTheTextThatWasSeen() {
    LlmCall call = begin();
    assertThat(call.firstToken().textSeen(100)).isAdmitted();
    assertThat(call.textSeen(401)).isAdmitted();

    call.cancelled();

    requireEstimated(Outcome.CANCELLED, TokenUsage.of(100, 101));
  }

  @Test
  final void aStreamThatFailsAfterOutputIsEstimatedToo() {
    LlmCall call = begin();
    call.textSeen(40);

    call.failed(new IllegalStateException("connection reset"));

    requireEstimated(Outcome.FAILED, TokenUsage.of(100, 10));
  }

  @Test
  final void aStreamClosedWithoutAnEndIsEstimatedToo() {
    try (LlmCall call = begin()) {
      call.textSeen(40);
    }

    requireEstimated(Outcome.UNFINISHED, TokenUsage.of(100, 10));
  }

  @Test
  final void withoutTextTheHoldSaysWhatTheCallConsumed() {
    begin().close();

    requireEstimated(Outcome.UNFINISHED, TokenUsage.of(100, 300));
  }

  @Test
  final void aFirstTokenAloneIsAnAnswerThatHasBegun() {
    begin().firstToken().failed(new IllegalStateException("connection reset"));

    requireEstimated(Outcome.FAILED, TokenUsage.of(100, 300));
  }

  @Test
  final void anAnswerWithoutUsageIsWhatWasHeldForIt() {
    begin().succeeded(ModelAnswer.withoutUsage());

    requireEstimated(Outcome.SUCCEEDED, TokenUsage.of(100, 300));
  }

  @Test
  final void aCallThatIsGivenUpIsWhatWasHeldForIt() {
    LlmCall call = begin();

    assertThat(
            catchThrowable(
                () ->
                    call.ask(
                        () -> {
                          throw new CancellationException();
                        })))
        .isInstanceOf(CancellationException.class);

    requireEstimated(Outcome.CANCELLED, TokenUsage.of(100, 300));
  }

  @Test
  final void aCallThatFailedBeforeAnyAnswerConsumedNothingThatIsKnown() {
    begin().failed(new IllegalStateException("429"));

    assertThat(only().source()).isEqualTo(TokenSource.MISSING);
    assertThat(used("tokens", aCall())).isZero();
    assertThat(accounting().health().counts().estimated()).isZero();
  }

  @Test
  final void figuresOfTheProviderWithoutLaterTextArePartialWhateverTheEnd() {
    LlmCall call = begin();
    call.textSeen(4_000);
    call.progress(TokenUsage.of(90, 55));

    call.close();

    assertThat(only().outcome()).isEqualTo(Outcome.UNFINISHED);
    assertThat(only().source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(only().tokens()).isEqualTo(TokenUsage.of(90, 55));
  }

  @Test
  final void textThatCameAfterFiguresOfTheProviderIsAddedToThem() {
    LlmCall call = begin();
    call.progress(TokenUsage.cacheExcluded().input(20).cacheRead(70).output(1).build());
    call.textSeen(80);

    call.cancelled();

    requireEstimated(
        Outcome.CANCELLED, TokenUsage.cacheExcluded().input(20).cacheRead(70).output(21).build());
  }

  @Test
  final void textGrowsTheHoldUntilThereIsNoRoom() {
    save(Limit.named("output").outputTokens(1_000).lifetime());
    LlmCall call = accounting().begin(REQUEST);

    assertThat(call.textSeen(1_200)).isAdmitted();
    assertThat(held("output", aCall())).isEqualTo(300);
    assertThat(call.textSeen(1_201)).isAdmitted();
    assertThat(held("output", aCall())).isGreaterThan(300);
    assertThat(call.textSeen(4_004)).isDenied().byExactly("output");
    call.cancelled();
    assertThat(used("output", aCall())).isEqualTo(1_001);
  }

  @Test
  final void completeAnswersTellHowMuchTextATokenIs() {
    LlmCall complete = begin();
    complete.textSeen(6_000);
    complete.succeeded(TokenUsage.of(100, 2_000));

    LlmCall cut = accounting().begin(REQUEST);
    cut.textSeen(600);
    cut.cancelled();

    assertThat(stored(cut.id()).usage().tokens()).isEqualTo(TokenUsage.of(100, 200));
  }

  @Test
  final void whatIsGuessedFillsNoLimit() {
    save(Limit.named("small").totalTokens(100).lifetime());
    LlmAccounting guessing = LlmAccounting.builder(open(clock)).clock(clock).build();
    closing(guessing);

    guessing.begin(CallRequest.to("m")).close();

    assertThat(used("small", aCall())).isEqualTo(10);
    assertThat(only().tokens()).isEqualTo(TokenUsage.of(5, 5));
  }

  @Test
  final void theCostIsWhatPricesSayOrElseWhatWasHeld() {
    save(Limit.named("dollars").cost(Cost.usd("10")).lifetime());
    accounting().begin(REQUEST.cost(Cost.usd("0.25"))).cancelled();
    assertThat(only().cost()).contains(Cost.usd("0.25"));
    assertThat(used("dollars", aCall())).isEqualTo(250_000_000);

    LlmAccounting priced =
        another(
            settings ->
                settings.pricing(
                    call ->
                        Optional.of(new PricedCost(Cost.ofNanos(call.tokens().output()), "p"))));
    LlmCall call = priced.begin(REQUEST);
    call.textSeen(40);
    call.cancelled();
    assertThat(stored(call.id()).cost()).contains(Cost.ofNanos(10));
  }

  @Test
  final void aBetterFigureFollows() {
    LlmCall call = begin();
    call.textSeen(40);
    call.cancelled();

    Receipt receipt = call.succeeded(TokenUsage.of(100, 7), Cost.usd("0.5"));

    assertThat(receipt.status()).isEqualTo(Receipt.Status.SUPERSEDED);
    assertThat(used("tokens", aCall())).isEqualTo(107);
    assertThat(total().estimated()).isZero();
    assertThat(total().cost()).isEqualTo(Cost.usd("0.5"));
  }
}
