package io.llmaccounting.providers.prices;

import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prices by provider, model and date. Immutable, and safe for use by many threads.
 *
 * <p>A row for the call's project is looked for first, then rows for all; in each the files that
 * were added last come first, the bundled prices last. Within a file the model that answered is
 * looked up before the model that was asked for; of several rows the one for the call's provider
 * wins, then the more specific name, then the later date.
 */
public final class PriceCatalog implements Pricing {
  private static final String BUNDLED = "prices.json";
  private static final String BUNDLED_NAME = "bundled prices";

  private final List<PriceLayer> layers;

  private PriceCatalog(List<PriceLayer> layers) {
    this.layers = List.copyOf(layers);
  }

  /** The prices that come with this library; {@code docs/concepts/prices.md} says from where. */
  public static PriceCatalog bundled() {
    return Bundled.CATALOG;
  }

  /** No prices at all, to start from when only contract prices are to count. */
  public static PriceCatalog empty() {
    return new PriceCatalog(List.of());
  }

  /**
   * Returns this catalog with the rows of {@code file} added, which come before those already
   * there.
   *
   * @throws PriceFileException if the file can not be read, is malformed, repeats the id of a row,
   *     or has a price outside the sane band in a row that does not say {@code "unusual": true}
   */
  public PriceCatalog with(Path file) {
    String name = String.valueOf(file.getFileName());
    try (InputStream in = Files.newInputStream(file)) {
      return with(name, in);
    } catch (IOException e) {
      throw new PriceFileException(file.toString(), 0, "can not be read: " + e, e);
    }
  }

  /**
   * Returns this catalog with the rows of {@code prices} added, which come before those already
   * there. Leaves the stream open.
   *
   * @param prices a file of prices in UTF-8
   * @throws PriceFileException as {@link #with(Path)} does
   */
  public PriceCatalog with(InputStream prices) {
    return with("prices", prices);
  }

  private PriceCatalog with(String name, InputStream prices) {
    Map<String, String> ids = new HashMap<>();
    for (PriceLayer layer : layers) {
      layer.rows().forEach(row -> ids.put(row.id(), layer.name()));
    }
    List<PriceLayer> more = new ArrayList<>();
    boolean ofMakers = name.equals(BUNDLED_NAME);
    more.add(new PriceLayer(name, new PriceFileReader(name, ids).read(prices), ofMakers));
    more.addAll(layers);
    return new PriceCatalog(more);
  }

  @Override
  public Optional<PricedCost> price(PricedCall call) {
    if (call.parts().isEmpty()) {
      return priceOne(call);
    }
    PartedCall parted = new PartedCall(call);
    return parted.sum(priceOne(parted.main()).orElse(null), parts(call));
  }

  @Override
  public List<CallPart> parts(PricedCall call) {
    PartedCall parted = new PartedCall(call);
    return call.parts().stream()
        .map(part -> part.withPrice(priceOne(parted.of(part)).orElse(null)))
        .toList();
  }

  private Optional<PricedCost> priceOne(PricedCall call) {
    PriceMatch match = find(call);
    if (match == null) {
      return Optional.empty();
    }
    long plain = match.plainCost(call);
    return plain >= 0
        ? Optional.of(new PricedCost(Cost.ofNanos(plain), match.row().id()))
        : new CostReckoning(match.row(), call, Reasons.UNTOLD).cost();
  }

  /** Explains what {@code call} costs, or why that is not known. */
  public PriceExplanation explain(PricedCall call) {
    if (call.parts().isEmpty()) {
      return explainOne(call);
    }
    PartedCall parted = new PartedCall(call);
    PriceExplanation main = explainOne(parted.main());
    List<String> reasons = new ArrayList<>();
    if (!parted.hasNoMain()) {
      reasons.addAll(main.reasons());
    }
    for (CallPart part : call.parts()) {
      reasons.add("part %s: %s".formatted(part.kind(), explainOne(parted.of(part))));
    }
    return new PriceExplanation(
        main.row(), parted.sum(main.price().orElse(null), parts(call)), reasons);
  }

  private PriceExplanation explainOne(PricedCall call) {
    PriceMatch match = find(call);
    if (match == null) {
      return new PriceExplanation(Optional.empty(), Optional.empty(), List.of(NoRow.reason(call)));
    }
    List<String> reasons = new ArrayList<>();
    reasons.add("row %s matches %s".formatted(match.row().id(), match.name()));
    return new PriceExplanation(
        Optional.of(match.row()),
        new CostReckoning(match.row(), call, new Reasons(reasons)).cost(),
        reasons);
  }

  private @Nullable PriceMatch find(PricedCall call) {
    if (call.project() != null) {
      for (PriceLayer layer : layers) {
        PriceMatch match = find(layer, call, true);
        if (match != null) {
          return match;
        }
      }
    }
    for (PriceLayer layer : layers) {
      PriceMatch match = find(layer, call, false);
      if (match != null) {
        return match;
      }
    }
    return null;
  }

  private static @Nullable PriceMatch find(PriceLayer layer, PricedCall call, boolean contract) {
    String answered = call.responseModel();
    PriceMatch match = answered == null ? null : layer.find(answered, call, contract);
    return match == null ? layer.find(call.model(), call, contract) : match;
  }

  /**
   * Lists what is allowed in the rows of the file that was added last, and yet seldom meant: names
   * that another row takes, patterns that reach to models with prices of their own, prices without
   * which others are lower bounds, days without a zone, exceptions that except nothing. Empty where
   * there is nothing of the kind.
   */
  public List<String> doubts() {
    if (layers.isEmpty()) {
      return List.of();
    }
    List<PriceRow> others =
        layers.subList(1, layers.size()).stream().flatMap(layer -> layer.rows().stream()).toList();
    return new PriceDoubts(this, others).about(layers.get(0).rows());
  }

  /** Every row, in the order of lookup by file, then as the file lists them. */
  public List<PriceRow> rows() {
    return layers.stream().flatMap(layer -> layer.rows().stream()).toList();
  }

  /** The rows that sources disagree about; {@link PriceRow#disputed()} says how. */
  public List<PriceRow> disputed() {
    return rows().stream().filter(row -> !row.disputed().isEmpty()).toList();
  }

  /** Read when first asked for: not everybody uses it. */
  private static final class Bundled {
    static final PriceCatalog CATALOG = load();

    private static PriceCatalog load() {
      try (InputStream in = PriceCatalog.class.getResourceAsStream(BUNDLED)) {
        if (in == null) {
          throw new IllegalStateException(
              BUNDLED
                  + " is missing beside PriceCatalog; the jar was repackaged without resources");
        }
        return empty().with(BUNDLED_NAME, in);
      } catch (IOException e) {
        throw new IllegalStateException(BUNDLED + " can not be read: " + e, e);
      }
    }
  }
}
