package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what is allowed in the rows of a user's file, and yet seldom meant. */
final class PriceDoubts {
  private static final Instant ALWAYS = Instant.parse("2000-01-01T00:00:00Z");
  private static final int SHOWN = 3;

  private final PriceCatalog catalog;
  private final List<PriceRow> others;
  private final List<String> found = new ArrayList<>();

  /** Looks at rows of {@code catalog} beside {@code others}. */
  PriceDoubts(PriceCatalog catalog, List<PriceRow> others) {
    this.catalog = catalog;
    this.others = others;
  }

  List<String> about(List<PriceRow> rows) {
    for (PriceRow row : rows) {
      namesThatLeadElsewhere(row);
      patternsThatReachTooFar(row, rows);
      pricesThatAreMissing(row);
      new HoursDoubts(row, found::add).look();
    }
    return found;
  }

  private void namesThatLeadElsewhere(PriceRow row) {
    for (String model : row.models()) {
      if (isName(model)) {
        String taken = leadsTo(row, model);
        if (!taken.equals(row.id())) {
          found.add(
              "row %s: %s never gets its price: row %s comes before it"
                  .formatted(row.id(), model, taken));
        }
      }
    }
  }

  private static Instant from(PriceRow row) {
    Instant from = row.from();
    return from == null ? ALWAYS : from;
  }

  private String leadsTo(PriceRow row, String model) {
    PricedCall call =
        new PricedCall(
            from(row),
            row.provider(),
            model,
            null,
            TokenUsage.of(1, 1),
            Map.of(),
            List.of(),
            null,
            null,
            false,
            null,
            row.project());
    return catalog.explain(call).row().map(PriceRow::id).orElse("(none)");
  }

  private void patternsThatReachTooFar(PriceRow row, List<PriceRow> rows) {
    List<ModelPattern> patterns =
        row.models().stream()
            .filter(model -> !isName(model) && !model.startsWith("!"))
            .map(ModelPattern::new)
            .toList();
    List<ModelPattern> exclusions =
        row.models().stream()
            .filter(model -> model.startsWith("!"))
            .map(model -> new ModelPattern(model.substring(1)))
            .toList();
    if (patterns.isEmpty()) {
      return;
    }
    Set<String> own = names(rows, row.provider());
    Set<String> taken = new LinkedHashSet<>();
    for (String name : names(others, row.provider())) {
      boolean takes =
          patterns.stream().anyMatch(pattern -> pattern.matches(name))
              && exclusions.stream().noneMatch(pattern -> pattern.matches(name));
      if (takes && !own.contains(name)) {
        taken.add(name);
      }
    }
    // whoever names one model and its versions means no other
    if (taken.size() > 1) {
      List<String> shown = taken.stream().limit(SHOWN).toList();
      found.add(
          "row %s: its pattern takes %d models that have prices of their own, such as %s"
              .formatted(row.id(), taken.size(), String.join(", ", shown)));
    }
  }

  private static Set<String> names(List<PriceRow> rows, @Nullable String provider) {
    Set<String> names = new LinkedHashSet<>();
    for (PriceRow row : rows) {
      if (provider == null || Objects.equals(provider, row.provider())) {
        row.models().stream().filter(PriceDoubts::isName).forEach(names::add);
      }
    }
    return names;
  }

  private static boolean isName(String model) {
    return !model.startsWith("!") && new ModelPattern(model).isExact();
  }

  /** Claude's caches have two kinds of writes; those of others have one. */
  private void pricesThatAreMissing(PriceRow row) {
    if (row.models().stream().noneMatch(model -> model.contains("claude"))) {
      return;
    }
    missing(row, "", row.prices());
    row.tiers().forEach(tier -> missing(row, "above " + tier.above() + " ", tier.prices()));
    row.daily().forEach(daily -> missing(row, "from " + daily.start() + " ", daily.prices()));
  }

  private void missing(PriceRow row, String where, TokenPrices prices) {
    BigDecimal written = prices.cacheWrite5m();
    if (written != null && prices.cacheWrite1h() == null) {
      found.add(
          "row %s: %sit has no cacheWrite1h, so that writes for an hour are priced as a lower bound"
              .formatted(row.id(), where));
    }
  }
}
