package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofMinutes;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Calls that do not state their size: what is guessed of it shuts nobody out. */
public class GuessesAcceptance extends AcceptanceTest {
  private static final CallRequest SIZELESS = CallRequest.to("m");

  // without expectedTokens: sizes are guessed
  private LlmAccounting guessing() {
    LlmAccounting more = LlmAccounting.builder(open(clock)).clock(clock).build();
    closing(more);
    return more;
  }

  /** faults B1: a limit below what is guessed admits, up to ten such calls. */
  @Test
  final void aSmallTokenLimitAdmitsCallsThatStateNoSize() {
    save(Limit.named("small").totalTokens(100).rolling(ofMinutes(1)));
    LlmAccounting guessing = guessing();

    for (int i = 0; i < 10; i++) {
      assertThat(guessing.quotas().reserve(SIZELESS).decision()).isAdmitted();
    }

    Decision denied = guessing.quotas().reserve(SIZELESS).decision();
    assertThat(denied).isDenied().byExactly("small").held(100);
    assertThat(((Decision.Denied) denied).fitsAt()).isPresent();
    assertThat(((Decision.Denied) denied).primary().guessed()).isEqualTo(10);
    assertThat(denied.toString()).contains("10 of it guessed");
  }

  /** faults B1: the smallest limits too, of every kind of tokens. */
  @Test
  final void aGuessIsNeverTheReasonForNeverFits() {
    save(Limit.named("input").inputTokens(1).rolling(ofMinutes(1)));
    save(Limit.named("output").outputTokens(1).rolling(ofMinutes(1)));
    save(Limit.named("total").totalTokens(1).rolling(ofMinutes(1)));
    LlmAccounting guessing = guessing();

    assertThat(guessing.quotas().check(SIZELESS)).isAdmitted();
    assertThat(guessing.quotas().check(SIZELESS.inputTokens(1))).isAdmitted();
    assertThat(guessing.quotas().check(SIZELESS.maxOutputTokens(2)))
        .isDenied()
        .byExactly("output", "total");
  }

  /** faults B1: what is left of a limit for ever is left to what was stated. */
  @Test
  final void whatIsLeftOfALifetimeIsNotDeniedForAGuess() {
    save(Limit.named("life").totalTokens(1_000).lifetime());
    track(aCall().tokens(950, 0));
    LlmAccounting guessing = guessing();

    assertThat(guessing.quotas().check(SIZELESS)).isAdmitted();
    assertThat(guessing.quotas().check(SIZELESS.inputTokens(50))).isAdmitted();
    assertThat(guessing.quotas().check(SIZELESS.inputTokens(51))).isDenied().byExactly("life");
  }

  /** faults B1: money is guessed from guessed tokens. */
  @Test
  final void aGuessedCostIsATenthOfItsLimitAtMost() {
    save(Limit.named("cent").cost(Cost.usd("0.01")).rolling(ofMinutes(1)));
    LlmAccounting guessing =
        LlmAccounting.builder(open(clock))
            .clock(clock)
            .pricing(
                call ->
                    Optional.of(
                        new PricedCost(Cost.ofNanos(call.tokens().total() * 10_000), "row")))
            .build();
    closing(guessing);

    assertThat(guessing.quotas().check(SIZELESS)).isAdmitted();
    assertThat(guessing.quotas().check(SIZELESS.inputTokens(900))).isAdmitted();
    assertThat(guessing.quotas().check(SIZELESS.inputTokens(1_001))).isDenied().byExactly("cent");
  }

  /** faults B1: what a guess did not hold, a stream holds as it goes. */
  @Test
  final void aStreamHoldsWhatItsGuessDidNot() {
    save(Limit.named("small").totalTokens(100).rolling(ofMinutes(1)));
    LlmCall call = guessing().begin(SIZELESS);
    assertThat(held("small", aCall())).isEqualTo(10);

    assertThat(call.progress(TokenUsage.of(40, 40))).isAdmitted();
    assertThat(held("small", aCall())).isEqualTo(80);
    assertThat(call.progress(TokenUsage.of(40, 61))).isDenied().byExactly("small");
    call.succeeded(TokenUsage.of(40, 61));
  }

  @Test
  final void aGuessThatIsBookedFillsNoLimitOfUncachedOrWeightedTokens() {
    save(Limit.named("uncached").uncachedInputTokens(100).lifetime());
    save(Limit.named("weighted").weightedTokens(100, TokenWeights.of("1", "4")).lifetime());
    LlmAccounting guessing = guessing();

    guessing.begin(SIZELESS).close();

    assertThat(used("uncached", aCall())).isBetween(1L, 10L);
    assertThat(used("weighted", aCall())).isBetween(1_000L, 10_000L);

    assertThat(guessing.quotas().reserve(SIZELESS.holdFor(ofMinutes(1))).decision()).isAdmitted();
    clock.advance(ofMinutes(2));
    track(aCall().tokens(0, 0));

    assertThat(used("uncached", aCall())).isBetween(2L, 20L);
    assertThat(used("weighted", aCall())).isBetween(2_000L, 20_000L);
  }

  /** faults B1: what was learned of a model survives a restart. */
  @Test
  final void whatWasLearnedSurvivesARestart() {
    save(Limit.named("day").totalTokens(1_000_000).rolling(ofMinutes(60)));
    track(40, aCall().on("m").tokens(300, 50));
    track(19, aCall().on("rare").tokens(300, 50));
    LlmAccounting restarted = guessing();

    eventually("it expects what earlier calls used", () -> expected(restarted, "m") == 350);
    assertThat(expected(restarted, "rare")).isEqualTo(2_000);
    assertThat(expected(restarted, "new")).isEqualTo(2_000);
  }

  /** faults B1: what is learned after a restart are the figures that count now. */
  @Test
  final void whatProvidersReportedLaterIsLearnedToo() {
    save(Limit.named("day").totalTokens(1_000_000).rolling(ofMinutes(60)));
    for (int i = 0; i < 40; i++) {
      track(aCall().on("m").key("k" + i).tokens(300, 5).source(TokenSource.PARTIAL));
      track(aCall().on("m").key("k" + i).tokens(300, 50));
    }
    LlmAccounting restarted = guessing();

    eventually("it expects what was reported in the end", () -> expected(restarted, "m") == 350);
  }

  private long expected(LlmAccounting accounting, String model) {
    HeldCall held = accounting.quotas().reserve(CallRequest.to(model)).hold().orElseThrow();
    long expected = held("day", aCall());
    held.release();
    return expected;
  }
}
