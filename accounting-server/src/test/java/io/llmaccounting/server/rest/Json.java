package io.llmaccounting.server.rest;

import io.llmaccounting.json.JsonLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** Values of JSON, as schemas check them. */
final class Json {
  private static final Pattern SECRET = Pattern.compile("sk-acc-.*");

  private Json() {}

  /** What an answer holds. */
  static Map<String, Object> read(String text) {
    JsonLine line = JsonLine.of(1, text.getBytes(StandardCharsets.UTF_8));
    return Objects.requireNonNull(line.fields(), line.problem() + ": " + text).values();
  }

  /** What YAML has read, as JSON has it. */
  static Object of(Object yaml) {
    if (yaml instanceof Map<?, ?> map) {
      Map<String, Object> values = new LinkedHashMap<>();
      map.forEach((name, value) -> values.put(String.valueOf(name), of(value)));
      return values;
    }
    if (yaml instanceof List<?> list) {
      return new ArrayList<>(list.stream().map(Json::of).toList());
    }
    return yaml instanceof Number number ? new BigDecimal(number.toString()) : yaml;
  }

  @SuppressWarnings("unchecked")
  static String text(Object value) {
    return value instanceof Map<?, ?> map
        ? new JsonObject((Map<String, Object>) map).encode()
        : new JsonArray((List<Object>) value).encode();
  }

  /**
   * The same, with a word in place of what is another each time: ids, secrets and cursors, and
   * instants where {@code now} is not one.
   */
  static Object general(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> values = new LinkedHashMap<>();
      map.forEach((name, one) -> values.put(String.valueOf(name), general(one)));
      values.computeIfPresent("next", (name, one) -> "a cursor");
      values.computeIfPresent("hint", (name, one) -> "a hint");
      values.computeIfPresent("actor", (name, one) -> "an actor");
      values.computeIfPresent("priced_by", (name, one) -> "a price");
      return values;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::general).toList();
    }
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros().toPlainString();
    }
    if (!(value instanceof String text)) {
      return value;
    }
    return isId(text) ? "an id" : SECRET.matcher(text).matches() ? "a secret" : text;
  }

  private static boolean isId(String text) {
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
