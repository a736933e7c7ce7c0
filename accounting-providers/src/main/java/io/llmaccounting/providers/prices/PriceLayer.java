package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of one file, found by the names of models. Immutable. */
final class PriceLayer {
  private static final int ANY_PROVIDER = 1_000;

  private record Entry(PriceRow row, ModelPattern pattern, List<ModelPattern> exclusions) {}

  private final String name;
  private final List<PriceRow> rows;
  private final Map<String, List<Entry>> exact = new HashMap<>();
  private final List<Entry> patterns = new ArrayList<>();

  PriceLayer(String name, List<PriceRow> rows) {
    this.name = name;
    this.rows = List.copyOf(rows);
    for (PriceRow row : rows) {
      List<ModelPattern> exclusions =
          row.models().stream()
              .filter(model -> model.startsWith("!"))
              .map(model -> new ModelPattern(model.substring(1)))
              .toList();
      for (String model : row.models()) {
        if (!model.startsWith("!")) {
          add(new Entry(row, new ModelPattern(model), exclusions));
        }
      }
    }
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
  Optional<PriceMatch> find(String model, PricedCall call, boolean contract) {
    String lower = model.toLowerCase(Locale.ROOT);
    return Stream.concat(
            exact.getOrDefault(lower, List.of()).stream(),
            patterns.stream().filter(entry -> entry.pattern().matches(lower)))
        .filter(entry -> isFor(entry.row(), call, contract))
        .filter(entry -> entry.exclusions().stream().noneMatch(e -> e.matches(lower)))
        .map(
            entry ->
                new PriceMatch(
                    entry.row(),
                    model,
                    providerDistance(entry.row().provider(), call.provider()),
                    entry.pattern().specificity()))
        .filter(match -> match.providerDistance() >= 0)
        .min(PriceMatch.BEST_FIRST);
  }

  private static boolean isFor(PriceRow row, PricedCall call, boolean contract) {
    return row.isInForce(call.at())
        && (contract
            ? row.project() != null && Objects.equals(row.project(), call.project())
            : row.project() == null);
  }

  /** 0 for the provider that was named; negative where the row is not for it. */
  private static int providerDistance(@Nullable String ofRow, @Nullable String ofCall) {
    if (ofRow == null) {
      return ANY_PROVIDER;
    }
    if (ofCall == null) {
      return ProviderNames.rank(ofRow);
    }
    String wanted = ProviderNames.canonical(ofCall);
    if (ofRow.equals(wanted)) {
      return 0;
    }
    return ofRow.equals(ProviderNames.pricedLike(wanted)) ? 1 : -1;
  }
}
