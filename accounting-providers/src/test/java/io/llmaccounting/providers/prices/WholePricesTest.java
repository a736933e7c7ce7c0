package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.PricedCalls.catalog;
import static io.llmaccounting.providers.prices.PricedCalls.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WholePricesTest {
  private static final long SEED = 20_261_127;

  @Test
  void longsFindWhatDecimalsFind() {
    Random random = new Random(SEED);
    int whole = 0;
    for (int i = 0; i < 3_000; i++) {
      PriceCatalog catalog = catalog(row(random));
      for (int j = 0; j < 20; j++) {
        PricedCall call = to("m").tokens(tokens(random)).call();

        assertThat(catalog.price(call)).as("%s", call).isEqualTo(catalog.explain(call).price());
        whole += plain(catalog, call) >= 0 ? 1 : 0;
      }
    }
    assertThat(whole).isBetween(1_000, 50_000);
  }

  @Test
  void halvesAreRoundedToTheEvenNeighbour() {
    WholePrices prices =
        WholePrices.of(
            new TokenPrices(
                new BigDecimal("0.0005"), BigDecimal.ZERO, null, null, null, null, null));

    assertThat(prices.nanosOf(TokenUsage.of(1, 0))).isEqualTo(0);
    assertThat(prices.nanosOf(TokenUsage.of(3, 0))).isEqualTo(2);
    assertThat(prices.nanosOf(TokenUsage.of(5, 0))).isEqualTo(2);
    assertThat(prices.nanosOf(TokenUsage.of(7, 0))).isEqualTo(4);
  }

  @Test
  void whatMoreThanTokensDecidesIsLeftToTheReckoning() {
    PriceCatalog catalog =
        catalog(
            """
            {"id": "m", "models": ["m"], "input": 1, "output": 2,
             "tiers": [{"above": 1000, "input": 2, "output": 3}]}\
            """);
    PricedCalls small = to("m").tokens(TokenUsage.of(1_000, 1));

    assertThat(plain(catalog, small.call())).isEqualTo(1_002_000);
    assertThat(plain(catalog, small.tokens(TokenUsage.of(1_001, 1)).call())).isNegative();
    assertThat(plain(catalog, small.batched().call())).isNegative();
    assertThat(plain(catalog, small.tier("flex").call())).isNegative();
    assertThat(plain(catalog, small.region("eu").call())).isNegative();
    assertThat(plain(catalog, small.extras(java.util.Map.of("web_search", 1L)).call()))
        .isNegative();
  }

  @Test
  void whatALongCannotHoldIsLeftToTheReckoning() {
    PriceCatalog catalog = catalog(row("1000", "1000"));
    PricedCall dear = to("m").tokens(TokenUsage.of(TokenUsage.MAX_PART, 0)).call();
    PricedCall atTheMost = to("m").tokens(TokenUsage.of(1_000_000_000, 0)).call();

    assertThat(plain(catalog, dear)).isNegative();
    assertThat(catalog.price(dear)).isEmpty();
    assertThat(catalog.price(atTheMost).map(PricedCost::cost)).hasValue(Cost.MAX_PER_CALL);
  }

  private static long plain(PriceCatalog catalog, PricedCall call) {
    return new PriceLayer("test", catalog.rows(), false)
        .find(call.model(), call, false)
        .plainCost(call);
  }

  private static TokenUsage tokens(Random random) {
    long[] parts = new long[8];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = random.nextInt(3) == 0 ? 0 : random.nextLong(1L << (1 + random.nextInt(40)));
    }
    return new TokenUsage(
        parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7], null);
  }

  private static String row(Random random) {
    StringBuilder row = new StringBuilder(row(price(random), price(random)));
    for (String name : new String[] {"cacheRead", "cacheWrite5m", "cacheWrite1h", "audioInput"}) {
      if (random.nextBoolean()) {
        row.insert(row.length() - 1, ", \"%s\": %s".formatted(name, price(random)));
      }
    }
    return row.toString();
  }

  private static String row(String input, String output) {
    return "{\"id\": \"m\", \"models\": [\"m\"], \"unusual\": true, \"input\": %s, \"output\": %s}"
        .formatted(input, output);
  }

  // some have more decimals than whole nano-dollars have
  private static String price(Random random) {
    return BigDecimal.valueOf(random.nextInt(200_000), random.nextInt(11)).toPlainString();
  }
}
