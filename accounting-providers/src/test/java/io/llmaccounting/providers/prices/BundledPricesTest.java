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

class BundledPricesTest {
  private final PriceCatalog catalog = PriceCatalog.bundled();

  @Test
  void everyNameLeadsToTheRowThatListsIt() {
    for (PriceRow row : catalog.rows()) {
      String at = row.from() == null ? "2020-01-01T00:00:00Z" : row.from().toString();
      for (String name : row.models()) {
        if (!name.startsWith("!")) {
          String sample = name.replace("#", "1").replace("*", "").replace("~", "");
          PricedCalls call = to(sample).by(row.provider()).at(at);

          assertThat(catalog.explain(call.call()).row().map(PriceRow::id))
              .as("%s of %s at %s", sample, row.provider(), at)
              .contains(row.id());
        }
      }
    }
  }

  @Test
  @DisplayName("reading K6, K7: what is a doubt in a user's file is not in the bundled one")
  void hasNothingThatIsSeldomMeant() {
    assertThat(catalog.doubts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-5-mini-2025-08-07, 2026-10-01T00:00:00Z, openai/gpt-5-mini",
    "openai, gpt-5.6-sol, 2026-08-20T23:59:59Z, openai/gpt-5.6-sol",
    "openai, gpt-5.6-sol, 2026-08-21T00:00:00Z, openai/gpt-5.6-sol@2026-08-21",
    "anthropic, claude-sonnet-4-5-20250929, 2026-10-01T00:00:00Z, anthropic/claude-sonnet-4-5",
    "gcp.gemini, gemini-3.6-flash, 2026-12-31T23:59:59Z, gcp.gemini/gemini-3.6-flash",
    "gcp.gemini, gemini-3.6-flash, 2027-01-01T00:00:00Z, gcp.gemini/gemini-3.6-flash@2027-01-01",
    "gcp.vertex_ai, gemini-2.5-pro, 2026-10-01T00:00:00Z, gcp.gemini/gemini-2.5-pro",
    "gcp.gemini, gemini-2.5-pro-preview-tts, 2026-10-01T00:00:00Z, gcp.gemini/gemini-2.5-pro-tts",
    "aws.bedrock, eu.anthropic.claude-sonnet-4-5-20250929-v1:0, 2026-10-01T00:00:00Z,"
        + " aws.bedrock/regional.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "aws.bedrock, global.anthropic.claude-sonnet-4-5-20250929-v1:0, 2026-10-01T00:00:00Z,"
        + " aws.bedrock/global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "mistral_ai, mistral-medium-latest, 2026-06-15T23:59:59Z, mistral_ai/mistral-medium-latest",
    "mistral_ai, mistral-medium-latest, 2026-06-16T00:00:00Z,"
        + " mistral_ai/mistral-medium-latest@2026-06-16",
    ", claude-opus-4-6, 2026-10-01T00:00:00Z, anthropic/claude-opus-4-6@2026-03-13"
  })
  void findsTheRowForAModelAndADate(String provider, String model, String at, String id) {
    assertThat(catalog.price(to(model).by(provider).at(at).call()).map(PricedCost::pricedBy))
        .contains(id);
  }

  @Test
  void pricesACallWithCachedTokensExactly() {
    TokenUsage tokens =
        TokenUsage.cacheIncluded().input(9_126).cacheRead(4_864).output(3_197).build();

    assertThat(catalog.price(to("gpt-5").by("openai").tokens(tokens).call()))
        .contains(new PricedCost(Cost.usd("0.0379055"), "openai/gpt-5"));
  }

  @Test
  void deepseekIsDearerAtPeakHours() {
    PricedCalls call = to("deepseek-v4-flash").by("deepseek");

    assertThat(cost(call.at("2026-09-07T00:59:59Z"))).isEqualTo(Cost.usd("0.22"));
    assertThat(cost(call.at("2026-09-07T01:00:00Z"))).isEqualTo(Cost.usd("0.44"));
    assertThat(cost(call.at("2026-09-07T04:00:00Z"))).isEqualTo(Cost.usd("0.22"));
  }

  @ParameterizedTest
  @DisplayName("reading K8: a name that is led to another model costs what that one costs")
  @CsvSource({
    "deepseek-v4-flash, 2026-10-12T02:00:00Z, 0.3",
    "deepseek-v4-flash, 2026-10-12T12:00:00Z, 0.15",
    "deepseek-chat, 2025-09-05T15:59:59Z, 0.27",
    "deepseek-chat, 2025-09-05T16:00:00Z, 0.56",
    "deepseek-chat, 2025-12-01T12:00:00Z, 0.28",
    "deepseek-reasoner, 2025-12-01T02:00:00Z, 0.28",
    "deepseek-reasoner, 2026-05-01T12:00:00Z, 0.14"
  })
  void olderNamesOfDeepseekFollowItsModels(String model, String at, String dollars) {
    assertThat(cost(to(model).by("deepseek").at(at))).isEqualTo(Cost.usd(dollars));
  }

  @Test
  @DisplayName("reading K8: peak hours have weekdays and holidays, and changes have an hour")
  void deepseekIsDearerOnWorkingDaysInBeijingOnly() {
    TokenUsage tokens = TokenUsage.of(1_000_000, 1_000_000);
    PricedCalls call = to("deepseek-v4-pro").by("deepseek").tokens(tokens);

    assertThat(cost(call.at("2026-11-21T02:00:00Z"))).isEqualTo(Cost.usd("2.64"));
    assertThat(cost(call.at("2026-11-20T02:00:00Z"))).isEqualTo(Cost.usd("5.28"));
    assertThat(cost(call.at("2026-10-01T02:00:00Z"))).isEqualTo(Cost.usd("2.64"));
    assertThat(cost(call.at("2026-08-16T15:59:59Z"))).isEqualTo(Cost.usd("1.305"));
    assertThat(cost(call.at("2026-08-16T16:00:00Z"))).isEqualTo(Cost.usd("2.64"));
  }

  @Test
  void billsWebSearchesApart() {
    PricedCalls call =
        to("claude-sonnet-4-5")
            .by("anthropic")
            .tokens(TokenUsage.NONE)
            .extras(Map.of("web_search", 2L));

    assertThat(cost(call)).isEqualTo(Cost.usd("0.02"));
  }

  @Test
  @DisplayName(
      "reading K9: pages that are fetched cost their tokens, images and code something else")
  void whatCostsNothingApartIsNoLowerBound() {
    PricedCalls claude = to("claude-opus-5").by("anthropic").extras(Map.of("web_fetch", 2L));
    PricedCalls gpt =
        to("gpt-5").by("openai").extras(Map.of("image_generation", 1L, "code_interpreter", 1L));

    assertThat(catalog.price(claude.call()).orElseThrow().lowerBound()).isFalse();
    assertThat(catalog.price(gpt.call()).orElseThrow().lowerBound()).isTrue();
  }

  @Test
  void billsTranscriptionByTheSecond() {
    PricedCalls call =
        to("whisper-1").by("openai").tokens(TokenUsage.NONE).extras(Map.of("audio_seconds", 90L));

    assertThat(cost(call)).isEqualTo(Cost.usd("0.009"));
  }

  @Test
  void whatUsageDoesNotTellApartIsUnpricedAndNotWronglyPriced() {
    assertThat(catalog.price(to("gemini-2.5-flash-image").by("gcp.gemini").call())).isEmpty();
    assertThat(catalog.price(to("rerank-v3.5").by("cohere").call())).isEmpty();
  }

  @Test
  void gemmaIsFree() {
    assertThat(cost(to("gemma-4-31b-it").by("gcp.gemini"))).isEqualTo(Cost.ZERO);
  }

  @Test
  void marksWhatSourcesDisagreeAbout() {
    assertThat(catalog.disputed())
        .hasSizeGreaterThan(50)
        .anySatisfy(
            row -> {
              assertThat(row.id()).isEqualTo("openai/gpt-4o-mini-tts");
              assertThat(row.disputed())
                  .containsExactly("litellm: input 2.5 instead of 0.6, output 10 instead of 12");
            });
  }

  private Cost cost(PricedCalls call) {
    return catalog.price(call.call()).orElseThrow().cost();
  }
}
