package io.llmaccounting.providers.prices;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds all that is wrong with a row: refuses rows that can not be meant, and prices that are
 * probably given in another unit.
 */
final class PriceSanity {
  // The dearest model known costs $600 per million; per token that is $0.0006.
  private static final BigDecimal LEAST = new BigDecimal("0.001");
  private static final BigDecimal MOST = new BigDecimal("1000");
  private static final BigDecimal LEAST_MULTIPLIER = new BigDecimal("0.05");
  private static final BigDecimal MOST_MULTIPLIER = new BigDecimal("10");
  private static final BigDecimal MOST_EXTRA = new BigDecimal("100");
  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private final PriceRow row;
  private final Consumer<String> problems;

  private PriceSanity(PriceRow row, Consumer<String> problems) {
    this.row = row;
    this.problems = problems;
  }

  /** Checks {@code row}; {@code unusual} lifts the bands, not the rules. */
  static void check(PriceRow row, boolean unusual, Consumer<String> problems) {
    PriceSanity sanity = new PriceSanity(row, problems);
    sanity.rules();
    if (!unusual) {
      sanity.bands();
    }
  }

  private void rules() {
    if (!ID.matcher(row.id()).matches()) {
      problem("id must be 1 to 200 printable ASCII characters without blanks");
    }
    if (row.models().stream().allMatch(model -> model.startsWith("!"))) {
      problem("models must have a name that includes, not only exclusions");
    }
    Instant from = row.from();
    if (from != null && row.until() != null && !from.isBefore(row.until())) {
      problem("from (%s) must lie before until (%s)".formatted(from, row.until()));
    }
    if (row.prices().input() == null && row.prices().output() == null && row.extras().isEmpty()) {
      problem("row has no price; a free model has \"input\": 0 and \"output\": 0");
    }
    if (!row.tiers().isEmpty() && !row.daily().isEmpty()) {
      problem("a row has either tiers or daily prices, as nothing says which would come first");
    }
    overlaps();
    Set<Long> boundaries = new HashSet<>();
    row.tiers()
        .forEach(
            tier -> {
              if (!boundaries.add(tier.above())) {
                problem("two tiers are above " + tier.above());
              }
            });
  }

  private void overlaps() {
    for (int i = 0; i < row.daily().size(); i++) {
      DailyPrices daily = row.daily().get(i);
      for (DailyPrices other : row.daily().subList(i + 1, row.daily().size())) {
        if (daily.overlaps(other)) {
          problem(
              "daily prices from %s to %s and from %s to %s overlap, so nothing says which would count"
                  .formatted(daily.start(), daily.end(), other.start(), other.end()));
        }
      }
    }
  }

  private void bands() {
    prices("", row.prices());
    row.tiers().forEach(tier -> prices("tier above " + tier.above() + ": ", tier.prices()));
    row.daily().forEach(daily -> prices("daily from " + daily.start() + ": ", daily.prices()));
    multiplier("batch", row.batch());
    row.serviceTiers().forEach((tier, value) -> multiplier("service tier " + tier, value));
    row.regions().forEach((region, value) -> multiplier("region " + region, value));
    row.speeds().forEach((speed, value) -> multiplier("speed " + speed, value));
    for (Map.Entry<String, ExtraPrice> extra : row.extras().entrySet()) {
      BigDecimal limit = MOST_EXTRA.multiply(BigDecimal.valueOf(extra.getValue().per()));
      if (extra.getValue().price().compareTo(limit) > 0) {
        unusual("extra %s costs more than $%s a piece".formatted(extra.getKey(), MOST_EXTRA));
      }
    }
  }

  private void prices(String where, TokenPrices prices) {
    price(where + "input", prices.input());
    price(where + "output", prices.output());
    price(where + "cacheRead", prices.cacheRead());
    price(where + "cacheWrite5m", prices.cacheWrite5m());
    price(where + "cacheWrite1h", prices.cacheWrite1h());
    price(where + "audioInput", prices.audioInput());
    price(where + "audioOutput", prices.audioOutput());
    noDearer(where, "cacheRead", prices.cacheRead(), "input", prices.input());
    noDearer(where, "input", prices.input(), "cacheWrite5m", prices.cacheWrite5m());
    noDearer(where, "input", prices.input(), "cacheWrite1h", prices.cacheWrite1h());
    noDearer(where, "cacheWrite5m", prices.cacheWrite5m(), "cacheWrite1h", prices.cacheWrite1h());
    noDearer(where, "input", prices.input(), "audioInput", prices.audioInput());
    noDearer(where, "output", prices.output(), "audioOutput", prices.audioOutput());
  }

  /** What is cheaper by nature costs no more than what is dearer, where both have a price. */
  private void noDearer(
      String where,
      String cheap,
      @Nullable BigDecimal cheapPrice,
      String dear,
      @Nullable BigDecimal dearPrice) {
    if (cheapPrice != null && dearPrice != null && cheapPrice.compareTo(dearPrice) > 0) {
      unusual(
          "%s%s (%s) costs more than %s (%s)".formatted(where, cheap, cheapPrice, dear, dearPrice));
    }
  }

  private void price(String name, @Nullable BigDecimal price) {
    if (price == null || price.signum() == 0) {
      return;
    }
    if (price.compareTo(LEAST) < 0) {
      unusual(
          "%s of $%s per 1,000,000 tokens is below $%s: is it a price per token?"
              .formatted(name, price.toPlainString(), LEAST));
    }
    if (price.compareTo(MOST) > 0) {
      unusual(
          "%s of $%s per 1,000,000 tokens is above $%s: prices are per million tokens"
              .formatted(name, price.toPlainString(), MOST));
    }
  }

  private void multiplier(String name, @Nullable BigDecimal value) {
    if (value != null
        && (value.compareTo(LEAST_MULTIPLIER) < 0 || value.compareTo(MOST_MULTIPLIER) > 0)) {
      unusual(
          "%s multiplies by %s, outside %s to %s"
              .formatted(name, value.toPlainString(), LEAST_MULTIPLIER, MOST_MULTIPLIER));
    }
  }

  private void unusual(String text) {
    problem(text + "; if it is meant, add \"unusual\": true to the row");
  }

  private void problem(String text) {
    problems.accept("row %s: %s".formatted(row.id(), text));
  }
}
