package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of one file, found by the names of models. Safe for use by many threads. */
final class PriceLayer {
  private static final int ANY_PROVIDER = 1_000;
  private static final int MOST_NAMES = 10_000;

  private record Entry(
      PriceRow row,
      ModelPattern pattern,
      List<ModelPattern> exclusions,
      @Nullable WholePrices whole) {}

  private final String name;
  private final List<PriceRow> rows;
  private final boolean ofMakers;
  private final Map<String, List<Entry>> exact = new HashMap<>();
  private final List<Entry> patterns = new ArrayList<>();
  private final Map<String, List<Entry>> named = new ConcurrentHashMap<>();

  /**
   * @param ofMakers whether the rows say what makers and clouds charge, so that a name with the
   *     mark of another seller is not theirs; in a file of the user's a {@code *} means what it
   *     says
   */
  PriceLayer(String name, List<PriceRow> rows, boolean ofMakers) {
    this.name = name;
    this.rows = List.copyOf(rows);
    this.ofMakers = ofMakers;
    for (PriceRow row : rows) {
      List<ModelPattern> exclusions =
          row.models().stream()
              .filter(model -> model.startsWith("!"))
              .map(model -> new ModelPattern(model.substring(1)))
              .toList();
      WholePrices whole = WholePrices.of(row.prices());
      for (String model : row.models()) {
        if (!model.startsWith("!")) {
          add(new Entry(row, pattern(row, model), exclusions, whole));
        }
      }
    }
  }

  // names of Bedrock have colons of their own: amazon.nova-lite-v1:0
  private ModelPattern pattern(PriceRow row, String model) {
    return ofMakers && !"aws.bedrock".equals(row.provider())
        ? ModelPattern.ofMaker(model)
        : new ModelPattern(model);
  }

  private void add(Entry entry) {
    if (entry.pattern().isExact()) {
      exact.computeIfAbsent(entry.pattern().text(), text -> new ArrayList<>()).add(entry);
    } else {
      patterns.add(entry);
    }
  }

  String name() {
    return name;
  }

  List<PriceRow> rows() {
    return rows;
  }

  /** The row for {@code model}: of the call's project if {@code contract}, else of no project. */
  @Nullable PriceMatch find(String model, PricedCall call, boolean contract) {
    String provider = ProviderNames.of(call.provider(), model);
    for (String name : ModelNames.of(model, provider)) {
      PriceMatch match = best(name, provider, call, contract);
      if (match != null) {
        return match;
      }
    }
    return null;
  }

  private @Nullable PriceMatch best(
      String model, @Nullable String provider, PricedCall call, boolean contract) {
    PriceMatch best = null;
    for (Entry entry : namedLike(model)) {
      int distance = providerDistance(entry.row().provider(), provider);
      if (distance >= 0 && isFor(entry.row(), call, contract)) {
        PriceMatch match =
            new PriceMatch(
                entry.row(), entry.whole(), model, distance, entry.pattern().specificity());
        if (best == null || PriceMatch.BEST_FIRST.compare(match, best) < 0) {
          best = match;
        }
      }
    }
    return best;
  }

  // Hundreds of patterns are tried once for each name. Names come from callers, so that a full map
  // is emptied: whoever has so many does not gain from it.
  private List<Entry> namedLike(String model) {
    List<Entry> known = named.get(model);
    if (known == null) {
      String lower = model.toLowerCase(Locale.ROOT);
      known =
          Stream.concat(
                  exact.getOrDefault(lower, List.of()).stream(),
                  patterns.stream().filter(entry -> entry.pattern().matches(lower)))
              .filter(entry -> entry.exclusions().stream().noneMatch(e -> e.matches(lower)))
              .toList();
      if (named.size() >= MOST_NAMES) {
        named.clear();
      }
      named.put(model, known);
    }
    return known;
  }

  private static boolean isFor(PriceRow row, PricedCall call, boolean contract) {
    return row.isInForce(call.at())
        && (contract
            ? row.project() != null && Objects.equals(row.project(), call.project())
            : row.project() == null);
  }

  /** 0 for the provider that was named; negative where the row is not for it. */
  private static int providerDistance(@Nullable String ofRow, @Nullable String wanted) {
    if (ofRow == null) {
      return ANY_PROVIDER;
    }
    if (wanted == null) {
      return ProviderNames.rank(ofRow);
    }
    if (ofRow.equals(wanted)) {
      return 0;
    }
    return ofRow.equals(ProviderNames.pricedLike(wanted)) ? 1 : -1;
  }
}
