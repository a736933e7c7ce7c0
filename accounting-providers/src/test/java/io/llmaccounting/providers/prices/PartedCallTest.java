package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.PricedCalls.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("reading K4: several inferences in one answer")
class PartedCallTest {
  private final PriceCatalog catalog = PriceCatalog.bundled();

  @Test
  void aCompactionIsPricedLikeTheModelThatDidIt() {
    PricedCall call =
        to("claude-opus-4-6")
            .by("anthropic")
            .tokens(TokenUsage.of(170_000, 3_800))
            .with(CallPart.of("compaction", null, TokenUsage.of(150_000, 3_000)));

    assertThat(catalog.price(call))
        .contains(new PricedCost(Cost.usd("0.945"), "anthropic/claude-opus-4-6@2026-03-13", false));
  }

  @Test
  void anAdvisorOfAnotherModelHasItsOwnPrice() {
    PricedCall call =
        to("claude-sonnet-4-6")
            .by("anthropic")
            .tokens(TokenUsage.of(7_000, 1_500))
            .with(CallPart.of("advisor", "claude-opus-4-6", TokenUsage.of(5_000, 1_000)));

    assertThat(catalog.price(call).orElseThrow().cost()).isEqualTo(Cost.usd("0.0635"));
    assertThat(catalog.parts(call))
        .singleElement()
        .satisfies(
            part ->
                assertThat(part.price())
                    .isEqualTo(
                        new PricedCost(
                            Cost.usd("0.05"), "anthropic/claude-opus-4-6@2026-03-13", false)));
    assertThat(catalog.explain(call).toString()).contains("$0.0635", "part advisor: $0.05");
  }

  @Test
  void eachPartIsOfTheTierOfItsOwnSize() {
    PriceCatalog tiered =
        PricedCalls.catalog(
            "{\"id\": \"r\", \"models\": [\"m\"], \"input\": 1, \"output\": 1,"
                + " \"tiers\": [{\"above\": 100, \"input\": 2, \"output\": 2}]}");
    PricedCall call =
        to("m")
            .tokens(TokenUsage.of(250, 0))
            .with(CallPart.of("compaction", null, TokenUsage.of(150, 0)));

    assertThat(tiered.price(call)).contains(new PricedCost(Cost.ofNanos(400_000), "r", false));
  }

  @Test
  void aPartWithoutAPriceMakesALowerBoundAndAMainModelWithoutOneLeavesTheCallUnpriced() {
    CallPart unknown = CallPart.of("advisor", "nobody-knows-1", TokenUsage.of(5_000, 1_000));
    PricedCalls call = to("claude-sonnet-4-6").by("anthropic").tokens(TokenUsage.of(7_000, 1_500));

    assertThat(catalog.price(call.with(unknown)).orElseThrow())
        .isEqualTo(
            new PricedCost(Cost.usd("0.0135"), "anthropic/claude-sonnet-4-6@2026-03-13", true));
    assertThat(catalog.price(to("nobody-knows-1").tokens(TokenUsage.of(7_000, 1_500)).call()))
        .isEmpty();
  }
}
