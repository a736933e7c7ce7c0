package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.PricedCalls.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("reading K5: what the answer or the route tells of the price")
class PriceModifiersTest {
  private final PriceCatalog catalog = PriceCatalog.bundled();

  @ParameterizedTest
  @CsvSource({
    "anthropic, claude-opus-5, us, 0.55",
    "anthropic, claude-opus-5, global, 0.5",
    "anthropic, claude-opus-5, not_available, 0.5",
    "anthropic, claude-sonnet-4-6, US, 0.33",
    "openai, gpt-5.4, eu, 0.275",
    "openai, gpt-5.4, global, 0.25",
    "vertex, claude-opus-5, europe-west1, 0.55",
    "vertex, claude-opus-5, global, 0.5",
    "vertex, claude-sonnet-4-5, us-east5, 0.33",
    "vertex, claude-opus-4-6, eu, 0.55",
    "vertex, claude-opus-4-1, us-east5, 1.5"
  })
  void regionsMultiply(String provider, String model, String region, String dollars) {
    PricedCalls call = to(model).by(provider).tokens(TokenUsage.of(100_000, 0)).region(region);

    PricedCost price = catalog.price(call.call()).orElseThrow();

    assertThat(price.cost()).isEqualTo(Cost.usd(dollars));
    assertThat(price.lowerBound()).isFalse();
  }

  @Test
  void theExplanationSaysWhy() {
    PricedCalls call =
        to("claude-opus-5").by("anthropic").tokens(TokenUsage.of(100_000, 0)).region("us");

    assertThat(catalog.explain(call.call()).toString()).contains("$0.55", "region us: times 1.1");
  }

  @Test
  void fastAnswersOfOpusCostDouble() {
    PricedCalls call = to("claude-opus-5").by("anthropic").tokens(TokenUsage.of(100_000, 1_000));

    assertThat(catalog.price(call.speed("standard").call()).orElseThrow().cost())
        .isEqualTo(Cost.usd("0.525"));
    assertThat(catalog.price(call.speed("fast").call()).orElseThrow())
        .isEqualTo(new PricedCost(Cost.usd("1.05"), "anthropic/claude-opus-5", false));
    assertThat(catalog.price(call.speed("fast").region("us").call()).orElseThrow().cost())
        .isEqualTo(Cost.usd("1.155"));
  }

  @ParameterizedTest
  @CsvSource({"speed, warp", "region, mars", "tier, priority-plus"})
  void whatIsNotKnownIsSaidAndMakesALowerBound(String what, String name) {
    PricedCalls call = to("claude-opus-5").by("anthropic").tokens(TokenUsage.of(100_000, 0));
    PricedCalls odd =
        switch (what) {
          case "speed" -> call.speed(name);
          case "region" -> call.region(name);
          default -> call.tier(name);
        };

    PriceExplanation why = catalog.explain(odd.call());

    assertThat(why.price().orElseThrow())
        .isEqualTo(new PricedCost(Cost.usd("0.5"), "anthropic/claude-opus-5", true));
    assertThat(why.reasons()).anyMatch(reason -> reason.contains(name));
  }

  @Test
  void aRegionOfARowWithoutRegionsIsSaidAndChangesNothing() {
    PricedCalls call = to("gpt-4o").by("openai").tokens(TokenUsage.of(100_000, 0)).region("eu");

    PriceExplanation why = catalog.explain(call.call());

    assertThat(why.price().orElseThrow().lowerBound()).isFalse();
    assertThat(why.reasons()).anyMatch(reason -> reason.contains("no price of region eu"));
  }

  @Test
  void whatWasPaidForBeforehandAddsNothing() {
    PricedCalls call = to("gemini-2.5-pro").by("vertex").tier("PROVISIONED_THROUGHPUT");

    assertThat(catalog.price(call.call()).orElseThrow())
        .isEqualTo(new PricedCost(Cost.ZERO, "gcp.gemini/gemini-2.5-pro", false));
  }

  @Test
  @DisplayName("reading K9: what is billed apart and has no price makes a lower bound")
  void extrasWithoutAPriceMakeALowerBound() {
    PricedCalls call = to("gemini-2.5-pro").by("gcp.gemini").tokens(TokenUsage.of(100_000, 0));

    assertThat(catalog.price(call.extras(Map.of("moon_walks", 2L)).call()).orElseThrow())
        .isEqualTo(new PricedCost(Cost.usd("0.125"), "gcp.gemini/gemini-2.5-pro", true));
    assertThat(
            catalog.price(call.extras(Map.of("moon_walks", 0L)).call()).orElseThrow().lowerBound())
        .isFalse();
    assertThat(catalog.price(call.tokens(TokenUsage.NONE).extras(Map.of("moon_walks", 2L)).call()))
        .isEmpty();
  }
}
