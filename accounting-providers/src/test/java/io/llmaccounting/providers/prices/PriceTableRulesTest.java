package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.PricedCalls.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that hold for every row of the bundled table. */
class PriceTableRulesTest {
  private static final TokenUsage HOUR_WRITES =
      TokenUsage.cacheExcluded().cacheWrite1h(1_000_000).build();

  private final PriceCatalog catalog = PriceCatalog.bundled();

  @Test
  @DisplayName("reading K6: no part is priced below the part that is cheaper by nature")
  void noPartIsPricedBelowOneThatIsCheaperByNature() {
    for (PriceRow row : catalog.rows()) {
      for (TokenPrices prices : prices(row)) {
        notAbove(row, prices.cacheRead(), prices.input());
        notAbove(row, prices.input(), prices.cacheWrite5m());
        notAbove(row, prices.cacheWrite5m(), prices.cacheWrite1h());
        notAbove(row, prices.input(), prices.audioInput());
        notAbove(row, prices.output(), prices.audioOutput());
      }
    }
  }

  private static List<TokenPrices> prices(PriceRow row) {
    List<TokenPrices> prices = new ArrayList<>(List.of(row.prices()));
    row.tiers().forEach(tier -> prices.add(tier.prices()));
    row.daily().forEach(daily -> prices.add(daily.prices()));
    return prices;
  }

  private static void notAbove(PriceRow row, BigDecimal cheap, BigDecimal dear) {
    if (cheap != null && dear != null) {
      assertThat(cheap).as("%s", row).isLessThanOrEqualTo(dear);
    }
  }

  @Test
  @DisplayName("reading K6: what is more for more costs more in every row")
  void nothingThatIsMoreCostsLess() {
    for (PriceRow row : catalog.rows()) {
      BigDecimal output = row.prices().output();
      if (row.prices().input() != null && output != null && output.signum() > 0) {
        notAbove(row, row.prices().input(), output);
      }
      row.tiers().forEach(tier -> notAbove(row, row.prices().input(), tier.prices().input()));
      assertThat(row.serviceTiers().getOrDefault("priority", BigDecimal.TEN))
          .as("%s", row)
          .isGreaterThan(BigDecimal.ONE);
    }
  }

  @Test
  @DisplayName("reading K5: a batch of Google or Mistral costs half, and says that it is assumed")
  void batchesOfSomeProvidersAreHalved() {
    for (String model : List.of("gemini-2.5-pro", "mistral-small-latest")) {
      String provider = model.startsWith("gemini") ? "gcp.gemini" : "mistral_ai";
      PricedCalls call = to(model).by(provider).tokens(TokenUsage.of(100_000, 1_000));

      PriceExplanation why = catalog.explain(call.batched().call());

      Cost whole = catalog.price(call.call()).orElseThrow().cost();
      assertThat(why.price().orElseThrow().cost().nanos()).isEqualTo(whole.nanos() / 2);
      assertThat(why.reasons()).anyMatch(reason -> reason.contains("assumed"));
    }
  }

  @Test
  @DisplayName("reading K6: a write for an hour costs no less than one for 5 minutes")
  void everyClaudeRowKnowsBothKindsOfWrites() {
    Stream<PriceRow> claude =
        catalog.rows().stream()
            .filter(row -> row.id().contains("claude") && row.prices().cacheWrite5m() != null);

    assertThat(claude)
        .hasSizeGreaterThan(60)
        .allSatisfy(
            row ->
                prices(row)
                    .forEach(
                        prices ->
                            assertThat(prices.cacheWrite1h())
                                .isEqualByComparingTo(
                                    prices.input().multiply(new BigDecimal("2")))));
    PriceExplanation why =
        catalog.explain(
            to("claude-sonnet-4-6").by("vertex").tokens(HOUR_WRITES).region("global").call());
    assertThat(why.price().orElseThrow())
        .isEqualTo(new PricedCost(Cost.usd("6"), "gcp.vertex_ai/claude-sonnet-4-6", false));
    assertThat(why.reasons()).anyMatch(reason -> reason.contains("documented factor"));
  }

  @Test
  @DisplayName("reading K6: what has no price counts as the dearest that is cheaper, and says so")
  void aPriceThatIsMissingMakesALowerBound() {
    PriceCatalog prices =
        PricedCalls.catalog(
            "{\"id\": \"r\", \"models\": [\"m\"], \"input\": 3, \"cacheWrite5m\": 3.75}");

    PriceExplanation why = prices.explain(to("m").tokens(HOUR_WRITES).call());

    assertThat(why.price().orElseThrow()).isEqualTo(new PricedCost(Cost.usd("3.75"), "r", true));
    assertThat(why.reasons()).anyMatch(reason -> reason.contains("cacheWrite1h"));
  }

  @ParameterizedTest
  @DisplayName("reading K7: no row takes a model that is another, or another seller's")
  @CsvSource({
    "aws.bedrock, amazon.titan-embed-text-v2:0",
    "deepseek, deepseek-r1:8b",
    "deepseek, deepseek-r1-distill-llama-70b",
    ", deepseek-r1:8b",
    ", deepseek-r1-distill-llama-70b",
    ", google/gemini-2.0-flash-exp:free",
    "gcp.gemini, gemini-2.0-flash-exp:free",
    "gcp.gemini, gemini-2.0-flash-exp-image-generation",
    "gcp.gemini, gemini-2.0-flash-preview-image-generation",
    "gcp.gemini, gemini-2.5-flash-native-audio-preview-12-2025",
    "gcp.gemini, gemini-2.5-pro-exp-tts",
    "gcp.gemini, gemini-2.5-computer-use-preview-10-2025",
    ", anthropic/claude-opus-4-6",
    ", openai/gpt-5",
    ", x-ai/grok-4.5",
    "openrouter, openai/gpt-5",
    "groq, openai/gpt-oss-120b",
    "ollama, deepseek-r1",
    "openai, gpt-4o-audio-preview",
    "openai, gpt-4o-realtime-preview",
    "openai, gpt-4o-search-preview",
    "openai, gpt-4o-mini-search-preview",
    "openai, gpt-4o-mini-search-preview-2025-03-11",
    "azure.ai.inference, Llama-4-Maverick-17B-128E-Instruct-FP8",
    "openai, gpt-5-nano-mini",
    "anthropic, claude-opus-4-9",
    "anthropic, claude-opus-5-6",
    "anthropic, claude-sonnet-5-7",
    "anthropic, claude-haiku-4-5-mini",
    "azure, custom-o4-mini-of-ours",
    "mistral, magistral-medium-vision",
    "aws.bedrock, deepseek.r1-distill-v1:0",
    "aws.bedrock, amazon.nova-lite-2-v1:0"
  })
  void otherModelsHaveNoPrice(String provider, String model) {
    assertThat(catalog.price(to(model).by(provider).call())).isEmpty();
  }

  @ParameterizedTest
  @DisplayName(
      "reading K13: names of providers and models as SDKs, frameworks and clouds give them")
  @CsvSource({
    "azure-openai, gpt-4o-2024-08-06, azure.ai.openai/gpt-4o",
    "AZURE_OPEN_AI, gpt-5-2025-08-07, azure.ai.openai/gpt-5",
    "azure_openai, gpt-5-mini-2025-08-07, azure.ai.openai/gpt-5-mini",
    "bedrock_converse, us.anthropic.claude-sonnet-4-5-20250929-v1:0,"
        + " aws.bedrock/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "amazon-bedrock, global.anthropic.claude-opus-5, aws.bedrock/global.anthropic.claude-opus-5",
    "aws_bedrock, us.amazon.nova-lite-v1:0, aws.bedrock/amazon.nova-lite-v1:0",
    ", arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0,"
        + " aws.bedrock/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "google_genai, gemini-2.5-flash, gcp.gemini/gemini-2.5-flash",
    "GOOGLE_AI_GEMINI, models/gemini-2.5-flash, gcp.gemini/gemini-2.5-flash",
    "google.generative-ai, models/gemini-2.5-pro, gcp.gemini/gemini-2.5-pro",
    ", models/gemini-2.5-pro, gcp.gemini/gemini-2.5-pro",
    "vertexai, publishers/google/models/gemini-2.5-pro, gcp.gemini/gemini-2.5-pro",
    ", publishers/google/models/gemini-2.5-pro, gcp.gemini/gemini-2.5-pro",
    "google-vertex, google/gemini-2.5-pro, gcp.gemini/gemini-2.5-pro",
    ", projects/p/locations/us-east5/publishers/anthropic/models/claude-opus-4-6,"
        + " gcp.vertex_ai/claude-opus-4-6",
    "vertex_ai, claude-sonnet-4-5@20250929, gcp.vertex_ai/claude-sonnet-4-5",
    "vertex_ai, claude-opus-4-6@20260205, gcp.vertex_ai/claude-opus-4-6",
    "openai.responses, gpt-5, openai/gpt-5",
    "OPEN_AI, openai/gpt-5, openai/gpt-5",
    "x-ai, grok-4, x_ai/grok-4-0709",
    "xai, x-ai/grok-4, x_ai/grok-4-0709",
    "mistralai, mistralai/mistral-medium-2508, mistral_ai/mistral-medium-3-1",
    "openai, ft:gpt-4o-2024-08-06:acme::abc123, openai/ft:gpt-4o",
    "anthropic, claude-opus-4-5-20251101, anthropic/claude-opus-4-5",
    "anthropic, claude-haiku-4-5-20251001, anthropic/claude-haiku-4-5",
    "anthropic, claude-haiku-5-5, anthropic/claude-haiku-5-5",
    "openai, gpt-6.1-terra-2026-10-26, openai/gpt-6.1-terra",
    "Anthropic, anthropic/claude-opus-4-6, anthropic/claude-opus-4-6@2026-03-13"
  })
  void namesInUseLeadToTheirRow(String provider, String model, String row) {
    assertThat(catalog.explain(to(model).by(provider).call()).row().map(PriceRow::id))
        .contains(row);
  }

  @Test
  @DisplayName("reading K13: a model without a price says what to do")
  void whatHasNoPriceSaysWhatToDo() {
    assertThat(catalog.explain(to("openai/gpt-5").by("openrouter").call()).reasons().get(0))
        .contains("says in its answers what a call costs");
    assertThat(catalog.explain(to("openai/gpt-5").call()).reasons().get(0))
        .contains("say which provider it is");
    assertThat(catalog.explain(to("gpt-99").by("openai").call()).reasons().get(0))
        .contains("add a row to a file of prices");
  }
}
