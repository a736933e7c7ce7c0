package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.FactsJson.list;
import static io.llmaccounting.providers.prices.FactsJson.object;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Turns the rows of a facts file into rows of our own, each a map in the order of its keys. */
final class FactRows {
  private static final Map<String, String> EXTRAS =
      Map.of(
          "web_search_per_1k", "web_search",
          "storage_searches_kcount", "file_search",
          "input_document_kpages", "pages",
          "input_annotated_document_kpages", "annotated_pages",
          "audio_hours", "audio_seconds");
  private static final BigDecimal MOST_MULTIPLIER = BigDecimal.TEN;

  private final Map<String, Object> facts;
  private final Map<String, String> sourceKeys = new TreeMap<>();
  private final List<Map<String, Object>> rows = new ArrayList<>();
  private final Map<String, String> leftOut = new TreeMap<>();

  FactRows(Map<String, Object> facts) {
    this.facts = facts;
    object(facts.get("sources"))
        .forEach((key, source) -> sourceKeys.put((String) object(source).get("name"), key));
    for (Object fact : list(facts.get("models"))) {
      fact(object(fact));
    }
  }

  List<Map<String, Object>> rows() {
    return rows;
  }

  /** What is not in the rows, and why. */
  Map<String, String> leftOut() {
    return leftOut;
  }

  private void fact(Map<String, Object> fact) {
    String id = ProviderNames.canonical((String) fact.get("provider")) + "/" + fact.get("model");
    String reason = reasonToLeaveOut(fact);
    if (reason != null) {
      leftOut.put(id, reason);
      return;
    }
    for (Object alias : list(fact.get("aliases"))) {
      if (FactRules.searches((String) alias)) {
        leftOut.put(
            ProviderNames.canonical((String) fact.get("provider")) + "/" + alias,
            "every call searches, at a price of its own that answers do not tell");
      }
    }
    for (Object previous : list(fact.get("previous"))) {
      rows.add(row(id, fact, object(previous), true));
    }
    Map<String, Object> current = row(id, fact, fact, true);
    if (!disputes(fact).isEmpty() && !Boolean.FALSE.equals(fact.get("disputed"))) {
      current.put("disputed", disputes(fact));
    }
    rows.add(current);
    for (Object upcoming : list(fact.get("upcoming"))) {
      rows.add(row(id, fact, object(upcoming), false));
    }
  }

  private static String reasonToLeaveOut(Map<String, Object> fact) {
    for (String key : object(fact.get("other")).keySet()) {
      if (key.contains("_image") || key.contains("_video")) {
        return "billed by kinds of tokens (images, video) that usage does not tell apart";
      }
    }
    boolean zero = isZero(fact.get("input")) && isZero(fact.get("output"));
    if (zero && ((String) fact.get("model")).contains("rerank")) {
      return "billed per search, at a price that no source states";
    }
    if (zero) {
      return "a source states 0, and none states that it is free";
    }
    if (isBelow(fact.get("output"), fact.get("input")) && !isZero(fact.get("output"))) {
      return "a source states an output that is cheaper than the input";
    }
    boolean priced = fact.containsKey("input") || fact.containsKey("other");
    return priced || saysFree(fact) ? null : "no price is stated";
  }

  private static boolean isZero(Object price) {
    return price instanceof BigDecimal number && number.signum() == 0;
  }

  private static boolean isBelow(Object price, Object other) {
    return price instanceof BigDecimal one
        && other instanceof BigDecimal another
        && one.compareTo(another) < 0;
  }

  private static boolean saysFree(Map<String, Object> fact) {
    return fact.get("note") instanceof String note && note.contains("Free of charge");
  }

  private Map<String, Object> row(
      String id, Map<String, Object> fact, Map<String, Object> prices, boolean ownExtras) {
    Map<String, Object> row = new LinkedHashMap<>();
    Object from = prices.get("effective_from");
    row.put("id", from == null ? id : id + "@" + from);
    row.put("provider", ProviderNames.canonical((String) fact.get("provider")));
    row.put("models", models(id, fact));
    if (from != null) {
      row.put("from", FactRules.from(id, (String) from));
    }
    boolean free = !fact.containsKey("input") && saysFree(fact);
    boolean claude = id.contains("claude");
    row.putAll(tokenPrices(prices, claude));
    if (free) {
      row.put("input", BigDecimal.ZERO);
      row.put("output", BigDecimal.ZERO);
    }
    audio(row, fact);
    tiers(row, prices, claude);
    daily(row, prices);
    multipliers(row, fact, id);
    extras(row, object((ownExtras ? prices : fact).get("other")), id);
    if (claude && prices.get("cache_write_5m") != null && prices.get("cache_write_1h") == null) {
      row.put("derived", List.of("cacheWrite1h"));
    }
    row.put("source", sourceKeys.get((String) fact.get("source")));
    return row;
  }

  private List<String> models(String id, Map<String, Object> fact) {
    if (FactRules.names(id) != null) {
      return FactRules.names(id);
    }
    boolean bedrock = id.startsWith("aws.bedrock/");
    List<String> names = new ArrayList<>();
    for (String name : FactPattern.names((String) fact.get("pattern"))) {
      names.add(FactPattern.narrowed(name, bedrock));
    }
    List<Object> more = new ArrayList<>(list(fact.get("aliases")));
    if (id.startsWith("azure.ai.openai/")) {
      more.addAll(snapshots((String) fact.get("model")));
    }
    if (fact.get("model_is_label") == null) {
      more.add(fact.get("model"));
    }
    for (Object name : more) {
      if (names.stream()
          .noneMatch(
              n ->
                  new ModelPattern(n)
                      .matches(((String) name).toLowerCase(java.util.Locale.ROOT)))) {
        names.add((String) name);
      }
    }
    return names.stream().distinct().filter(name -> !FactRules.isNoName(name)).toList();
  }

  /** The dated names that OpenAI gives to the same model, and with which Azure answers. */
  private List<String> snapshots(String model) {
    List<String> taken = new ArrayList<>();
    List<String> dated = new ArrayList<>();
    for (Object item : list(facts.get("models"))) {
      Map<String, Object> fact = object(item);
      if (fact.get("provider").equals("azure")) {
        taken.add((String) fact.get("model"));
        list(fact.get("aliases")).forEach(alias -> taken.add((String) alias));
      } else if (fact.get("provider").equals("openai") && fact.get("model").equals(model)) {
        list(fact.get("aliases")).forEach(alias -> dated.add((String) alias));
        dated.addAll(FactPattern.names((String) fact.get("pattern")));
      }
    }
    return dated.stream()
        .filter(name -> name.matches(Pattern.quote(model) + "-\\d{4}-\\d{2}-\\d{2}"))
        .filter(name -> !taken.contains(name))
        .toList();
  }

  /**
   * @param claude whether Anthropic's rule holds, wherever the model runs: a write to the cache for
   *     an hour costs twice the input
   */
  private static Map<String, Object> tokenPrices(Map<String, Object> prices, boolean claude) {
    Map<String, Object> ours = new LinkedHashMap<>();
    put(ours, "input", prices.get("input"));
    put(ours, "output", prices.get("output"));
    put(ours, "cacheRead", prices.get("cache_read"));
    Object write = prices.get("cache_write_5m");
    put(ours, "cacheWrite5m", isZero(write) ? null : write);
    Object hour = prices.get("cache_write_1h");
    boolean derived = claude && hour == null && write != null;
    put(
        ours,
        "cacheWrite1h",
        derived ? ((BigDecimal) prices.get("input")).multiply(new BigDecimal(2)) : hour);
    return ours;
  }

  private static void audio(Map<String, Object> row, Map<String, Object> fact) {
    Map<String, Object> other = object(fact.get("other"));
    boolean unified =
        fact.get("note") instanceof String note
            && note.matches("(?is).*(input rate is unified|no separate audio input rate).*");
    put(row, "audioInput", unified ? row.get("input") : other.get("input_audio"));
    put(row, "audioOutput", other.get("output_audio"));
  }

  private static void tiers(Map<String, Object> row, Map<String, Object> prices, boolean claude) {
    List<Object> tiers = new ArrayList<>();
    for (Object tier : list(prices.get("tiers"))) {
      Map<String, Object> ours = new LinkedHashMap<>();
      ours.put("above", object(tier).get("above_input_tokens"));
      ours.putAll(tokenPrices(object(tier), claude));
      tiers.add(ours);
    }
    put(row, "tiers", tiers.isEmpty() ? null : tiers);
  }

  private static void daily(Map<String, Object> row, Map<String, Object> prices) {
    List<Object> daily = new ArrayList<>();
    for (Object hours : list(prices.get("time_of_day"))) {
      Map<String, Object> ours = new LinkedHashMap<>();
      ours.putAll(FactRules.hours((String) row.get("id"), object(hours)));
      ours.putAll(tokenPrices(object(hours), false));
      daily.add(ours);
    }
    put(row, "daily", daily.isEmpty() ? null : daily);
  }

  private void multipliers(Map<String, Object> row, Map<String, Object> fact, String id) {
    boolean assumed = fact.get("batch") == null && FactRules.halvesBatches(id);
    Map<String, Object> batch = object(fact.get("batch"));
    put(row, "batch", assumed ? new BigDecimal("0.5") : batch.get("multiplier"));
    put(row, "batchAssumed", assumed ? Boolean.TRUE : batch.get("assumed"));
    Map<String, Object> tiers = new TreeMap<>();
    object(fact.get("service_tier_multiplier"))
        .forEach(
            (tier, value) -> {
              boolean tooMuch = ((BigDecimal) value).compareTo(MOST_MULTIPLIER) > 0;
              boolean noMore =
                  tier.equals("priority") && ((BigDecimal) value).compareTo(BigDecimal.ONE) <= 0;
              if (tooMuch || noMore) {
                leftOut.put(
                    id + " in service tier " + tier,
                    "a multiplier of " + value + " can not be meant");
              } else {
                tiers.put(tier, value);
              }
            });
    put(row, "serviceTiers", tiers.isEmpty() ? null : tiers);
    if (fact.get("note") instanceof String note
        && note.matches(
            "(?i).*(regional and multi-region|multi-region and regional) endpoints (add|carry) a"
                + " 10% premium.*")) {
      Map<String, Object> regions = new TreeMap<>();
      regions.put("*", new BigDecimal("1.1"));
      regions.put("global", BigDecimal.ONE);
      row.put("regions", regions);
    }
    put(row, "regions", row.getOrDefault("regions", FactRules.regions(id)));
    put(row, "speeds", FactRules.speeds(id));
  }

  private static void extras(Map<String, Object> row, Map<String, Object> other, String id) {
    Map<String, Object> extras = new TreeMap<>(FactRules.extras(id));
    EXTRAS.forEach(
        (theirs, ours) -> {
          if (other.get(theirs) != null) {
            Map<String, Object> extra = new LinkedHashMap<>();
            extra.put("price", other.get(theirs));
            extra.put("per", new BigDecimal(theirs.endsWith("hours") ? 3600 : 1000));
            extras.put(ours, extra);
          }
        });
    put(row, "extras", extras.isEmpty() ? null : extras);
  }

  private List<String> disputes(Map<String, Object> fact) {
    List<String> disputes = new ArrayList<>();
    for (Object item : list(facts.get("disagreements"))) {
      Map<String, Object> dispute = object(item);
      if (dispute.get("provider").equals(fact.get("provider"))
          && dispute.get("model").equals(fact.get("model"))) {
        List<String> parts = new ArrayList<>();
        object(dispute.get("diff"))
            .forEach(
                (name, values) ->
                    parts.add(
                        "%s %s instead of %s"
                            .formatted(
                                name,
                                text(object(values).get("theirs")),
                                text(object(values).get("ours")))));
        disputes.add(dispute.get("vs") + ": " + String.join(", ", parts));
      }
    }
    return disputes;
  }

  private static String text(Object value) {
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros().toPlainString();
    }
    if (value instanceof List<?> tiers) {
      return tiers.isEmpty() ? "none" : "above " + tiers;
    }
    return "none";
  }

  private static void put(Map<String, Object> row, String key, Object value) {
    if (value != null) {
      row.put(key, value);
    }
  }
}
