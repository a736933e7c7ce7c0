package io.llmaccounting.providers.prices;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What providers document as rules and no table states: docs/concepts/prices.md lists the pages.
 * Answers null where a rule says nothing of a row.
 */
final class FactRules {
  private static final BigDecimal PREMIUM = new BigDecimal("1.1");
  private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

  /** Models of Anthropic that can be kept in the US, at a premium: since Opus and Sonnet 4.6. */
  private static final Pattern US_ONLY =
      Pattern.compile(
          "anthropic/claude-(?:opus-4-[678]|sonnet-4-6|(?:opus|sonnet|haiku|fable|mythos)-5).*");

  /** Models of OpenAI since 5 March 2026, which cost more at its regional hosts. */
  private static final Pattern REGIONAL = Pattern.compile("openai/gpt-(?:5\\.[456]|6).*");

  /** Claude on Vertex AI since 4.5, which costs more off the global endpoint. */
  private static final Pattern VERTEX_REGIONAL =
      Pattern.compile(
          "gcp.vertex_ai/claude-(?:(?:opus|sonnet|haiku)-4-[5678]|(?:opus|sonnet|haiku|fable|mythos)-5).*");

  /** What xAI's servers charge for each 1,000 of their calls. */
  private static final Map<String, BigDecimal> XAI_TOOLS =
      Map.of(
          "web_search", new BigDecimal(5),
          "x_search", new BigDecimal(5),
          "code_interpreter", new BigDecimal(5),
          "file_search", new BigDecimal("2.5"));

  /** Names that the facts' own patterns would reach too far with. */
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "aws.bedrock/amazon.titan-embed-text-v1",
          List.of(
              "amazon.titan-embed-text-v1",
              "amazon.titan-embed-text-v1:#",
              "amazon.titan-embed-text-v1:#:#k",
              "amazon.titan-embed-g1-text-02"),
          "deepseek/deepseek-reasoner",
          List.of("deepseek-reasoner", "deepseek-r1", "deepseek-r1-0528", "deepseek-r1-250528"),
          "anthropic/claude-2",
          List.of("claude-2", "claude-2.0", "claude-2.1", "claude-v2", "claude-v2.1"));

  /** Public holidays of 2026 in China that fall on weekdays since prices depend on the hour. */
  private static final List<String> HOLIDAYS =
      List.of("2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07");

  private FactRules() {}

  /** Rests of patterns, and names that routers give: those are found by their provider. */
  static boolean isNoName(String name) {
    return name.endsWith("-")
        || name.endsWith("@")
        || name.startsWith("x-ai/")
        || name.startsWith("anthropic/")
        || searches(name);
  }

  /** Every call of such a model searches, at a price of its own, and its answer does not say so. */
  static boolean searches(String name) {
    return name.contains("search-preview");
  }

  /** Prices of what is billed apart, by its name; each per as many as {@code per} says. */
  static Map<String, Map<String, Object>> extras(String id) {
    Map<String, Map<String, Object>> extras = new TreeMap<>();
    if (id.startsWith("x_ai/")) {
      XAI_TOOLS.forEach((tool, price) -> extras.put(tool, extra(price, 1_000)));
    } else if (id.startsWith("anthropic/")) {
      // a page that is fetched costs the tokens that it has
      extras.put("web_fetch", extra(BigDecimal.ZERO, 1));
    }
    return extras;
  }

  private static Map<String, Object> extra(BigDecimal price, int per) {
    Map<String, Object> extra = new LinkedHashMap<>();
    extra.put("price", price);
    extra.put("per", new BigDecimal(per));
    return extra;
  }

  /** Google and Mistral halve every price in batches, but have none for speech. */
  static boolean halvesBatches(String id) {
    boolean google = id.startsWith("gcp.gemini/gemini-") && !id.endsWith("-tts");
    return google || id.startsWith("mistral_ai/");
  }

  static List<String> names(String id) {
    return NAMES.get(id);
  }

  /** DeepSeek's days begin at midnight in Beijing. */
  static String from(String id, String date) {
    return id.startsWith("deepseek/")
        ? LocalDate.parse(date).atStartOfDay(BEIJING).toInstant().toString()
        : date;
  }

  /** Since V4, DeepSeek's peak hours are on working days in Beijing only. */
  static Map<String, Object> hours(String id, Map<String, Object> fact) {
    LocalTime start = utc(fact.get("start_time"));
    LocalTime end = utc(fact.get("end_time"));
    Map<String, Object> hours = new LinkedHashMap<>();
    boolean workingDays = id.matches("deepseek/deepseek-(v4|flash).*");
    hours.put("start", (workingDays ? start.plusHours(8) : start).toString());
    hours.put("end", (workingDays ? end.plusHours(8) : end).toString());
    if (workingDays) {
      hours.put("days", List.of("mon-fri"));
      hours.put("except", HOLIDAYS);
      hours.put("zone", BEIJING.getId());
    }
    return hours;
  }

  private static LocalTime utc(Object time) {
    String text = (String) time;
    if (!text.endsWith(":00Z")) {
      throw new IllegalArgumentException("time of day must be whole minutes in UTC, was " + text);
    }
    return LocalTime.parse(text.substring(0, text.length() - 1));
  }

  static Map<String, Object> regions(String id) {
    Map<String, Object> regions = new TreeMap<>();
    if (US_ONLY.matcher(id).matches()) {
      regions.put("us", PREMIUM);
      regions.put("global", BigDecimal.ONE);
    } else if (REGIONAL.matcher(id).matches() || VERTEX_REGIONAL.matcher(id).matches()) {
      regions.put("*", PREMIUM);
      regions.put("global", BigDecimal.ONE);
    }
    return regions.isEmpty() ? null : regions;
  }

  /** Anthropic's fast mode: six times in its first two models, twice since. */
  static Map<String, Object> speeds(String id) {
    if (id.startsWith("anthropic/claude-opus-4-6") || id.startsWith("anthropic/claude-opus-4-7")) {
      return Map.of("fast", new BigDecimal(6));
    }
    boolean twice =
        id.startsWith("anthropic/claude-opus-4-8") || id.startsWith("anthropic/claude-opus-5");
    return twice ? Map.of("fast", new BigDecimal(2)) : null;
  }
}
