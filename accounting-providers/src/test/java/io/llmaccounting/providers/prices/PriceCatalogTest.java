package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.PricedCalls.catalog;
import static io.llmaccounting.providers.prices.PricedCalls.to;
import static io.llmaccounting.providers.prices.PricedCalls.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.usage.PricedCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceCatalogTest {
  @TempDir Path directory;

  @Test
  void anUnknownModelHasNoPrice() {
    PriceExplanation explanation =
        catalog(row("a", "\"models\": [\"m\"]")).explain(to("x").answeredBy("y").call());

    assertThat(explanation.price()).isEmpty();
    assertThat(explanation.row()).isEmpty();
    assertThat(explanation.toString())
        .startsWith("unpriced: no row for model y or model x at 2026-10-01T12:00:00Z")
        .contains("add a row to a file of prices");
  }

  @Test
  void looksUpTheModelThatAnsweredBeforeTheOneThatWasAskedFor() {
    PriceCatalog catalog =
        catalog(row("asked", "\"models\": [\"m\"]"), row("answered", "\"models\": [\"m-2026\"]"));

    assertThat(pricedBy(catalog, to("m").answeredBy("m-2026"))).isEqualTo("answered");
    assertThat(pricedBy(catalog, to("m").answeredBy("m-2027"))).isEqualTo("asked");
    assertThat(pricedBy(catalog, to("m"))).isEqualTo("asked");
  }

  @ParameterizedTest
  @CsvSource({
    "1969-12-31T00:00:00Z, 2026-08-20T23:59:59.999999Z, old",
    "2026-08-21T00:00:00Z, 2026-12-31T23:59:59.999999Z, mid",
    "2027-01-01T00:00:00Z, 2099-01-01T00:00:00Z, new"
  })
  void aRowAppliesFromItsDateUntilANewerOneDoes(String first, String last, String id) {
    PriceCatalog catalog =
        catalog(
            row("new", "\"models\": [\"m\"], \"from\": \"2027-01-01\""),
            row("old", "\"models\": [\"m\"]"),
            row("mid", "\"models\": [\"m\"], \"from\": \"2026-08-21T00:00:00Z\""));

    if (first.startsWith("2")) {
      assertThat(pricedBy(catalog, to("m").at(first))).isEqualTo(id);
    }
    assertThat(pricedBy(catalog, to("m").at(last))).isEqualTo(id);
  }

  @Test
  void aRowThatHasEndedGivesWayToWhatHeldBefore() {
    PriceCatalog catalog =
        catalog(
            row("list", "\"models\": [\"m\"]"),
            row(
                "offer",
                "\"models\": [\"m\"], \"from\": \"2026-01-01\", \"until\": \"2026-02-01\""));

    assertThat(pricedBy(catalog, to("m").at("2025-12-31T23:59:59Z"))).isEqualTo("list");
    assertThat(pricedBy(catalog, to("m").at("2026-01-31T23:59:59Z"))).isEqualTo("offer");
    assertThat(pricedBy(catalog, to("m").at("2026-02-01T00:00:00Z"))).isEqualTo("list");
  }

  @Test
  void theMoreSpecificNameWins() {
    PriceCatalog catalog =
        catalog(
            row("any", "\"models\": [\"*\"]"),
            row("family", "\"models\": [\"gpt-5*\", \"!*-tts\"]"),
            row("dated", "\"models\": [\"gpt-5-####-##-##\"]"),
            row("exact", "\"models\": [\"gpt-5\"]"));

    assertThat(pricedBy(catalog, to("gpt-5"))).isEqualTo("exact");
    assertThat(pricedBy(catalog, to("GPT-5"))).isEqualTo("exact");
    assertThat(pricedBy(catalog, to("gpt-5-2026-01-01"))).isEqualTo("dated");
    assertThat(pricedBy(catalog, to("gpt-5-chat"))).isEqualTo("family");
    assertThat(pricedBy(catalog, to("gpt-5-tts"))).isEqualTo("any");
    assertThat(pricedBy(catalog, to("o3"))).isEqualTo("any");
  }

  @Test
  void takesTheRowOfTheProviderOfTheCall() {
    PriceCatalog catalog =
        catalog(
            row("azure", "\"provider\": \"azure.ai.openai\", \"models\": [\"m\"]"),
            row("openai", "\"provider\": \"openai\", \"models\": [\"m*\"]"));

    assertThat(pricedBy(catalog, to("m").by("azure.ai.openai"))).isEqualTo("azure");
    assertThat(pricedBy(catalog, to("m").by("azure"))).isEqualTo("azure");
    assertThat(pricedBy(catalog, to("m").by("openai"))).isEqualTo("openai");
    assertThat(catalog.price(to("m").by("anthropic").call())).isEmpty();
  }

  @Test
  void anUnknownProviderMeansTheMakerOfTheModel() {
    PriceCatalog catalog =
        catalog(
            row("azure", "\"provider\": \"azure\", \"models\": [\"m\"]"),
            row("openai", "\"provider\": \"openai\", \"models\": [\"m*\"]"));

    assertThat(pricedBy(catalog, to("m"))).isEqualTo("openai");
  }

  @Test
  void aRowOfNoProviderServesThoseWithoutARowOfTheirOwn() {
    PriceCatalog catalog =
        catalog(
            row("any", "\"models\": [\"m\"]"),
            row("openai", "\"provider\": \"openai\", \"models\": [\"m*\"]"));

    assertThat(pricedBy(catalog, to("m").by("my-gateway"))).isEqualTo("any");
    assertThat(pricedBy(catalog, to("m").by("openai"))).isEqualTo("openai");
  }

  @Test
  void geminiOnVertexCostsWhatTheGeminiApiCosts() {
    PriceCatalog catalog =
        catalog(
            row("gemini", "\"provider\": \"gcp.gemini\", \"models\": [\"gemini-*\"]"),
            row("claude", "\"provider\": \"gcp.vertex_ai\", \"models\": [\"claude-*\"]"));

    assertThat(pricedBy(catalog, to("gemini-9").by("gcp.vertex_ai"))).isEqualTo("gemini");
    assertThat(pricedBy(catalog, to("claude-9").by("gcp.vertex_ai"))).isEqualTo("claude");
    assertThat(catalog.price(to("claude-9").by("gcp.gemini").call())).isEmpty();
  }

  @Test
  void aFileThatIsAddedComesBeforeWhatWasThere() throws IOException {
    Path file = directory.resolve("ours.json");
    Files.writeString(
        file,
        PricedCalls.file(
            row("ours", "\"provider\": \"openai\", \"models\": [\"gpt-5-mini\"]"),
            row("house", "\"models\": [\"house-model\"]")));

    PriceCatalog catalog = PriceCatalog.bundled().with(file);

    assertThat(pricedBy(catalog, to("gpt-5-mini").answeredBy("gpt-5-mini-2025-08-07")))
        .isEqualTo("ours");
    assertThat(pricedBy(catalog, to("house-model"))).isEqualTo("house");
    assertThat(pricedBy(catalog, to("gpt-5-nano"))).isEqualTo("openai/gpt-5-nano");
    assertThat(pricedBy(PriceCatalog.bundled(), to("gpt-5-mini"))).isEqualTo("openai/gpt-5-mini");
  }

  @Test
  void aContractPriceHoldsForItsProjectOnly() {
    PriceCatalog catalog =
        with(
            catalog(row("contract", "\"project\": \"search\", \"models\": [\"m*\"]")),
            row("list", "\"models\": [\"m\"]"));

    assertThat(pricedBy(catalog, to("m").project("search"))).isEqualTo("contract");
    assertThat(pricedBy(catalog, to("m").project("other"))).isEqualTo("list");
    assertThat(pricedBy(catalog, to("m"))).isEqualTo("list");
  }

  @Test
  void refusesAnIdThatAnotherFileHas() {
    PriceCatalog catalog = catalog(row("a", "\"models\": [\"m\"]"));

    assertThatThrownBy(() -> with(catalog, row("a", "\"models\": [\"n\"]")))
        .isInstanceOf(PriceFileException.class)
        .hasMessage(
            "prices, line 2: id a is already taken by a row of prices; rows never change, so give"
                + " this one its own id");
  }

  @Test
  void tellsWhichRowsSourcesDisagreeAbout() {
    PriceCatalog catalog =
        catalog(
            row("a", "\"models\": [\"m\"], \"disputed\": [\"x: input 2 instead of 1\"]"),
            row("b", "\"models\": [\"n\"]"));

    assertThat(catalog.disputed()).extracting(PriceRow::id).containsExactly("a");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = directory.resolve("none.json");

    assertThatThrownBy(() -> PriceCatalog.bundled().with(missing))
        .isInstanceOf(PriceFileException.class)
        .hasMessageContaining("none.json: can not be read");
  }

  private static String row(String id, String keys) {
    return "{\"id\": \"%s\", %s, \"input\": 1}".formatted(id, keys);
  }

  private static String pricedBy(PriceCatalog catalog, PricedCalls call) {
    return catalog.price(call.call()).map(PricedCost::pricedBy).orElse("unpriced");
  }
}
