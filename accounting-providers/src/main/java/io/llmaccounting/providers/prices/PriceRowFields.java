package io.llmaccounting.providers.prices;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one row. Confined to one thread. */
final class PriceRowFields {
  private static final String KNOWN_KEYS =
      "id, provider, models, project, from, until, input, output, cacheRead, cacheWrite5m,"
          + " cacheWrite1h, audioInput, audioOutput, tiers, daily, batch, batchAssumed,"
          + " serviceTiers, regions, speeds, extras, derived, disputed, source, unusual";

  private final PriceJson json;
  private final TokenPriceFields prices = new TokenPriceFields();
  private @Nullable String id;
  private @Nullable String provider;
  private List<String> models = List.of();
  private @Nullable String project;
  private @Nullable Instant from;
  private @Nullable Instant until;
  private final List<PriceTier> tiers = new ArrayList<>();
  private final List<DailyPrices> daily = new ArrayList<>();
  private @Nullable BigDecimal batch;
  private boolean batchAssumed;
  private Map<String, BigDecimal> serviceTiers = Map.of();
  private Map<String, BigDecimal> regions = Map.of();
  private Map<String, BigDecimal> speeds = Map.of();
  private Map<String, ExtraPrice> extras = Map.of();
  private List<String> derived = List.of();
  private List<String> disputed = List.of();
  private @Nullable String source;
  private boolean unusual;

  PriceRowFields(PriceJson json) {
    this.json = json;
  }

  /** The row; null where something is wrong with it, which is noted then. */
  @Nullable PriceRow read() throws IOException {
    int line = json.line();
    long noted = json.noted();
    json.object(this::key);
    if (json.noted() > noted) {
      return null;
    }
    PriceRow row = row();
    PriceSanity.check(row, unusual, problem -> json.note(json.problem(line, problem)));
    return json.noted() > noted ? null : row;
  }

  private void key(String key) throws IOException {
    switch (key) {
      case "id" -> id = json.word();
      case "provider" -> provider = ProviderNames.canonical(json.word());
      case "models" -> models = json.words();
      case "project" -> project = json.word();
      case "from" -> from = instant();
      case "until" -> until = instant();
      case "tiers" -> json.array(this::tier);
      case "daily" -> json.array(() -> daily.add(new DailyPriceFields(json).read()));
      case "batch" -> batch = json.decimal();
      case "batchAssumed" -> batchAssumed = json.flag();
      case "serviceTiers" -> serviceTiers = multipliers();
      case "regions" -> regions = multipliers();
      case "speeds" -> speeds = multipliers();
      case "derived" -> derived = derived();
      case "extras" -> extras = json.map(this::extra);
      case "disputed" -> disputed = json.words();
      case "source" -> source = json.word();
      case "unusual" -> unusual = json.flag();
      default -> {
        if (!prices.take(key, json)) {
          throw json.problem("unknown key \"%s\"; known are %s".formatted(key, KNOWN_KEYS));
        }
      }
    }
  }

  private PriceRow row() {
    if (id == null || models.isEmpty()) {
      throw json.problem("row must have an \"id\" and \"models\"");
    }
    tiers.sort(Comparator.comparingLong(PriceTier::above));
    return new PriceRow(
        id,
        provider,
        models,
        project,
        from,
        until,
        prices.build(),
        tiers,
        daily,
        batch,
        batchAssumed,
        serviceTiers,
        regions,
        speeds,
        extras,
        derived,
        disputed,
        source);
  }

  private void tier() throws IOException {
    TokenPriceFields fields = new TokenPriceFields();
    long[] above = {-1};
    json.object(
        key -> {
          if (key.equals("above")) {
            above[0] = json.whole();
          } else if (!fields.take(key, json)) {
            throw json.problem("unknown key \"%s\" in a tier".formatted(key));
          }
        });
    if (above[0] < 0) {
      throw json.problem("tier must have \"above\": a number of input tokens");
    }
    tiers.add(new PriceTier(above[0], fields.build()));
  }

  private List<String> derived() throws IOException {
    List<String> names = json.words();
    for (String name : names) {
      if (!TokenPriceFields.NAMES.contains(name)) {
        throw json.problem(
            "derived must name prices (%s), found %s"
                .formatted(String.join(", ", TokenPriceFields.NAMES), name));
      }
    }
    return names;
  }

  /** Tiers, regions and speeds are compared in lower case. */
  private Map<String, BigDecimal> multipliers() throws IOException {
    Map<String, BigDecimal> multipliers = json.map(json::decimal);
    for (String name : multipliers.keySet()) {
      if (!name.equals(name.toLowerCase(Locale.ROOT))) {
        throw json.problem("name must be in lower case, was \"" + name + "\"");
      }
    }
    return multipliers;
  }

  private ExtraPrice extra() throws IOException {
    BigDecimal[] price = new BigDecimal[1];
    long[] per = {1};
    json.object(
        key -> {
          switch (key) {
            case "price" -> price[0] = json.decimal();
            case "per" -> per[0] = json.whole();
            default -> throw json.problem("unknown key \"%s\" in an extra".formatted(key));
          }
        });
    if (price[0] == null || per[0] <= 0) {
      throw json.problem("extra must have a \"price\", and \"per\" must be positive");
    }
    return new ExtraPrice(price[0], per[0]);
  }

  private Instant instant() throws IOException {
    String text = json.word();
    try {
      return text.length() == "2026-01-31".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw json.problem(
          "expected a date like 2026-01-31 or an instant like 2026-01-31T12:00:00Z, found " + text);
    }
  }
}
