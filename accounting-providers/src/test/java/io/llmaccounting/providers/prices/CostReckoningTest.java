package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.PricedCalls.catalog;
import static io.llmaccounting.providers.prices.PricedCalls.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostReckoningTest {
  @Test
  void theCostIsTheExactProductOfPartsAndPrices() {
    PriceCatalog catalog = catalog(row("\"input\": 1.25, \"cacheRead\": 0.125, \"output\": 10"));
    TokenUsage tokens =
        TokenUsage.cacheIncluded().input(9_126).cacheRead(4_864).output(3_197).build();

    assertThat(cost(catalog, to("m").tokens(tokens))).isEqualTo(Cost.usd("0.0379055"));
  }

  @Test
  void everyPartHasItsOwnPrice() {
    PriceCatalog catalog =
        catalog(
            row(
                """
                "input": 1, "cacheRead": 2, "cacheWrite5m": 4, "cacheWrite1h": 8,
                "audioInput": 16, "output": 32, "audioOutput": 64, "unusual": true\
                """));
    long million = 1_000_000;
    TokenUsage tokens =
        new TokenUsage(
            million, million, million, million, million, million, million, million, null);

    assertThat(cost(catalog, to("m").tokens(tokens)))
        .isEqualTo(Cost.usd(String.valueOf(1 + 2 + 4 + 8 + 16 + 32 + 32 + 64)));
  }

  @Test
  void partsWithoutAPriceOfTheirOwnAreBilledAsInputOrOutput() {
    PriceCatalog catalog = catalog(row("\"input\": 1, \"output\": 10"));
    TokenUsage tokens = new TokenUsage(1, 10, 100, 1_000, 10_000, 1, 10, 100, null);

    assertThat(cost(catalog, to("m").tokens(tokens)))
        .isEqualTo(Cost.ofNanos(11_111 * 1_000L + 111 * 10_000L));
  }

  @Test
  void aMillionRecordsOfOneTokenAddUpToTheCent() {
    PriceCatalog catalog = catalog(row("\"input\": 0.10, \"output\": 0.40"));
    Cost sum = Cost.ZERO;
    for (int i = 0; i < 1_000_000; i++) {
      sum = sum.plus(cost(catalog, to("m").tokens(TokenUsage.of(1, 0))));
    }

    assertThat(sum).isEqualTo(Cost.usd("0.10"));
  }

  @ParameterizedTest
  @CsvSource({"0.0005, 0", "0.0015, 2", "0.0025, 2", "0.00250001, 3", "0.0014999, 1"})
  void roundsOnceToTheEvenNanoDollar(String pricePerMillion, long nanos) {
    PriceCatalog catalog =
        catalog(row("\"input\": %s, \"unusual\": true".formatted(pricePerMillion)));

    assertThat(cost(catalog, to("m").tokens(TokenUsage.of(1, 0)))).isEqualTo(Cost.ofNanos(nanos));
  }

  @Test
  void roundsTheSumAndNotItsParts() {
    PriceCatalog catalog = catalog(row("\"input\": 0.0014, \"output\": 0.0014"));

    assertThat(cost(catalog, to("m").tokens(TokenUsage.of(1, 1)))).isEqualTo(Cost.ofNanos(3));
  }

  @Test
  void agreesWithExactFractionsForAnyCall() {
    for (long seed = 1; seed <= 2_000; seed++) {
      Random random = new Random(seed);
      BigDecimal input = BigDecimal.valueOf(random.nextInt(1, 100_000), 3);
      BigDecimal output = BigDecimal.valueOf(random.nextInt(1, 100_000), 3);
      BigDecimal search = BigDecimal.valueOf(random.nextInt(1, 100_000), 2);
      int per = random.nextInt(1, 5_000);
      long in = random.nextLong(1_000_000);
      long out = random.nextLong(1_000_000);
      long searches = random.nextLong(1, 100);
      PriceCatalog catalog =
          catalog(
              row(
                  "\"unusual\": true, \"input\": %s, \"output\": %s, \"extras\": {\"web_search\": {\"price\": %s, \"per\": %d}}"
                      .formatted(input, output, search, per)));
      BigDecimal tokens =
          input.multiply(BigDecimal.valueOf(in)).add(output.multiply(BigDecimal.valueOf(out)));
      BigDecimal expected =
          tokens
              .multiply(BigDecimal.valueOf(per))
              .add(search.multiply(BigDecimal.valueOf(searches)).movePointRight(6))
              .divide(BigDecimal.valueOf(per).movePointRight(6), 9, RoundingMode.HALF_EVEN);

      PricedCalls call =
          to("m").tokens(TokenUsage.of(in, out)).extras(Map.of("web_search", searches));

      assertThat(cost(catalog, call).toUsd()).as("seed %d", seed).isEqualByComparingTo(expected);
    }
  }

  @Test
  void aFreeModelCostsNothingAndIsNotUnpriced() {
    PriceCatalog catalog = catalog(row("\"input\": 0, \"output\": 0"));

    assertThat(catalog.price(to("m").call())).contains(new PricedCost(Cost.ZERO, "r"));
  }

  @Test
  void aPriceThatIsMissingForTokensThatWereUsedLeavesTheCallUnpriced() {
    PriceCatalog catalog = catalog(row("\"input\": 0.02"));

    assertThat(cost(catalog, to("m").tokens(TokenUsage.of(1_000, 0))))
        .isEqualTo(Cost.usd("0.00002"));
    assertThat(catalog.price(to("m").tokens(TokenUsage.of(1_000, 1)).call())).isEmpty();
    assertThat(catalog.explain(to("m").tokens(TokenUsage.of(0, 1)).call()).toString())
        .contains("unpriced")
        .contains("no price for output tokens");
  }

  @ParameterizedTest
  @CsvSource({"199999, 0.599997", "200000, 0.6", "200001, 1.200006"})
  void aTierAppliesAboveItsBoundaryToAllTokens(long input, String dollars) {
    PriceCatalog catalog =
        catalog(
            row(
                "\"input\": 3, \"output\": 15, \"tiers\": [{\"above\": 200000, \"input\": 6,"
                    + " \"output\": 22.5}]"));

    assertThat(cost(catalog, to("m").tokens(TokenUsage.of(input, 0)))).isEqualTo(Cost.usd(dollars));
  }

  @Test
  void aTierIsChosenByAllInputCachedOrNotAndPricesOutputToo() {
    PriceCatalog catalog =
        catalog(
            row(
                """
                "input": 1, "output": 1, "cacheRead": 0.1, "tiers": [
                  {"above": 500, "input": 100, "output": 100},
                  {"above": 100, "input": 2, "output": 20, "cacheRead": 0.2}]\
                """));
    TokenUsage edge = TokenUsage.cacheExcluded().input(40).cacheRead(60).output(10).build();
    TokenUsage above = TokenUsage.cacheExcluded().input(40).cacheRead(61).output(10).build();

    assertThat(cost(catalog, to("m").tokens(edge)))
        .isEqualTo(Cost.ofNanos(40_000 + 6_000 + 10_000));
    assertThat(cost(catalog, to("m").tokens(above)))
        .isEqualTo(Cost.ofNanos(80_000 + 12_200 + 200_000));
  }

  @Test
  void batchesAndServiceTiersMultiply() {
    PriceCatalog catalog =
        catalog(
            row(
                "\"input\": 2, \"batch\": 0.5, \"serviceTiers\": {\"flex\": 0.25, \"priority\":"
                    + " 2}"));

    assertThat(cost(catalog, to("m"))).isEqualTo(Cost.usd("2"));
    assertThat(cost(catalog, to("m").tier("default"))).isEqualTo(Cost.usd("2"));
    assertThat(cost(catalog, to("m").batched())).isEqualTo(Cost.usd("1"));
    assertThat(cost(catalog, to("m").tier("batch"))).isEqualTo(Cost.usd("1"));
    assertThat(cost(catalog, to("m").batched().tier("flex"))).isEqualTo(Cost.usd("1"));
    assertThat(cost(catalog, to("m").tier("Flex"))).isEqualTo(Cost.usd("0.5"));
    assertThat(cost(catalog, to("m").tier("priority"))).isEqualTo(Cost.usd("4"));
    assertThat(cost(catalog, to("m").tier("scale"))).isEqualTo(Cost.usd("2"));
    assertThat(catalog.explain(to("m").tier("scale").call()).reasons())
        .contains(
            "no price of service tier scale is known, so the standard price holds: lower bound");
  }

  @Test
  void aBatchWithoutAKnownBatchPriceCostsTheStandardPrice() {
    PriceCatalog catalog = catalog(row("\"input\": 2"));

    assertThat(cost(catalog, to("m").batched())).isEqualTo(Cost.usd("2"));
  }

  @Test
  void regionsMultiply() {
    PriceCatalog catalog = catalog(row("\"input\": 10, \"regions\": {\"global\": 1, \"*\": 1.1}"));

    assertThat(cost(catalog, to("m"))).isEqualTo(Cost.usd("10"));
    assertThat(cost(catalog, to("m").region("global"))).isEqualTo(Cost.usd("10"));
    assertThat(cost(catalog, to("m").region("europe-west1"))).isEqualTo(Cost.usd("11"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-01T00:29:59.999999Z, 1",
    "2026-10-01T00:30:00Z, 2",
    "2026-10-01T16:29:59.999999Z, 2",
    "2026-10-01T16:30:00Z, 1",
    "2026-10-01T21:59:59.999999Z, 1",
    "2026-10-01T22:00:00Z, 4",
    "2026-10-02T00:09:59Z, 4",
    "2026-10-02T00:10:00Z, 1"
  })
  void aTimeOfDayHoldsFromItsStartUntilBeforeItsEnd(String at, String dollars) {
    PriceCatalog catalog =
        catalog(
            row(
                """
                "input": 1, "daily": [
                  {"start": "00:30", "end": "16:30", "input": 2},
                  {"start": "22:00", "end": "00:10", "input": 4}]\
                """));

    assertThat(cost(catalog, to("m").at(at))).isEqualTo(Cost.usd(dollars));
  }

  @Test
  void whatIsBilledApartIsAddedAndWhatHasNoPriceIsNamed() {
    PriceCatalog catalog =
        catalog(row("\"input\": 1, \"extras\": {\"web_search\": {\"price\": 10, \"per\": 1000}}"));
    PricedCalls call = to("m").extras(Map.of("web_search", 3L, "images", 2L));

    assertThat(cost(catalog, call)).isEqualTo(Cost.usd("1.03"));
    assertThat(catalog.explain(call.call()).reasons())
        .contains("no price for 2 images: lower bound");
  }

  @Test
  void aCostThatNoCallCanHaveLeavesItUnpriced() {
    PriceCatalog catalog = catalog(row("\"input\": 1000"));

    assertThat(cost(catalog, to("m").tokens(TokenUsage.of(1_000_000_000L, 0))))
        .isEqualTo(Cost.MAX_PER_CALL);
    assertThat(catalog.price(to("m").tokens(TokenUsage.of(1_000_000_001L, 0)).call())).isEmpty();
  }

  private static String row(String prices) {
    return "{\"id\": \"r\", \"models\": [\"m\"], " + prices + "}";
  }

  private static Cost cost(PriceCatalog catalog, PricedCalls call) {
    return catalog.price(call.call()).orElseThrow().cost();
  }
}
