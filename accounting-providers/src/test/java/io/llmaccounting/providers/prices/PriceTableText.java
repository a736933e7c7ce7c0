package io.llmaccounting.providers.prices;

import static io.llmaccounting.providers.prices.FactsJson.object;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes a file of prices with one row per line, so that a change of a price is a change of a line.
 */
final class PriceTableText {
  private PriceTableText() {}

  static String of(Map<String, Object> facts, FactRows rows) {
    StringBuilder text = new StringBuilder("{\n\"format\": 1,\n");
    text.append(
        "\"unit\": \"US dollars per 1,000,000 tokens; extras per the count they state\",\n");
    text.append("\"generated\": ")
        .append(json(facts.get("generated")))
        .append(",\n\"sources\": {\n");
    StringJoiner sources = new StringJoiner(",\n");
    object(facts.get("sources"))
        .forEach((key, source) -> sources.add(json(key) + ": " + json(source)));
    text.append(sources).append("\n},\n\"leftOut\": {\n");
    StringJoiner leftOut = new StringJoiner(",\n");
    rows.leftOut().forEach((id, reason) -> leftOut.add(json(id) + ": " + json(reason)));
    text.append(leftOut).append("\n},\n\"prices\": [\n");
    StringJoiner prices = new StringJoiner(",\n");
    rows.rows().stream()
        .sorted(Comparator.comparing(row -> (String) row.get("id")))
        .forEach(row -> prices.add(json(row)));
    return text.append(prices).append("\n]\n}\n").toString();
  }

  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      StringJoiner members = new StringJoiner(",", "{", "}");
      map.forEach((key, member) -> members.add(json(key) + ":" + json(member)));
      return members.toString();
    }
    if (value instanceof List<?> list) {
      StringJoiner elements = new StringJoiner(",", "[", "]");
      list.forEach(element -> elements.add(json(element)));
      return elements.toString();
    }
    if (value instanceof BigDecimal number) {
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
    if (value instanceof Boolean) {
      return value.toString();
    }
    String text = (String) value;
    if (!text.matches("[\\x20-\\x7e&&[^\"\\\\]]*")) {
      throw new IllegalArgumentException("text must be plain ASCII without quotes, was " + text);
    }
    return '"' + text + '"';
  }
}
