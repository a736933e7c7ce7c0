package io.llmaccounting.server.rest.contract;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What texts, numbers and flags must be. */
final class ScalarRules {
  private static final Map<String, String> TYPES =
      Map.of(
          "string", "be a text",
          "integer", "be a whole number",
          "number", "be a number",
          "boolean", "be true or false",
          "object", "be an object in braces",
          "array", "be a list in brackets");

  private final Keywords keywords;
  private final @Nullable Pattern pattern;

  ScalarRules(Keywords keywords) {
    this.keywords = keywords;
    String text = keywords.text("pattern");
    this.pattern = text == null ? null : Pattern.compile(text);
  }

  void check(@Nullable Object value, String at, List<Fault> faults) {
    String type = keywords.text("type");
    if (value == null) {
      faults.add(Fault.missing(at));
    } else if (type != null && !isOf(type, value)) {
      faults.add(Fault.of(at, TYPES.getOrDefault(type, "be a " + type), shown(value)));
    } else if (keywords.has("enum") && !keywords.texts("enum").contains(value.toString())) {
      faults.add(Fault.of(at, "be one of " + keywords.texts("enum"), value));
    } else if (keywords.has("const") && !value.toString().equals(keywords.text("const"))) {
      faults.add(Fault.of(at, "be " + keywords.text("const"), value));
    } else if (value instanceof String text) {
      checkText(text, at, faults);
    } else if (value instanceof BigDecimal number) {
      checkNumber(number, at, faults);
    }
  }

  private static Object shown(Object value) {
    return value instanceof Map<?, ?> ? "an object" : value instanceof List<?> ? "a list" : value;
  }

  private static boolean isOf(String type, Object value) {
    return switch (type) {
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "number" -> value instanceof BigDecimal;
      case "integer" -> value instanceof BigDecimal number && isWhole(number);
      case "object" -> value instanceof Map<?, ?>;
      default -> value instanceof List<?>;
    };
  }

  // a scale of millions would make millions of digits
  private static boolean isWhole(BigDecimal number) {
    return Math.abs((long) number.scale()) < 100 && number.stripTrailingZeros().scale() <= 0;
  }

  private void checkText(String text, String at, List<Fault> faults) {
    int length = text.codePointCount(0, text.length());
    int least = keywords.whole("minLength", 0);
    int most = keywords.whole("maxLength", Integer.MAX_VALUE);
    if (length < least || length > most) {
      faults.add(Fault.of(at, "have from %d to %d characters".formatted(least, most), length));
    } else if (pattern != null && !pattern.matcher(text).find()) {
      faults.add(Fault.of(at, "match " + pattern, text));
    } else if ("date-time".equals(keywords.text("format")) && !isTime(text)) {
      faults.add(Fault.of(at, "be a time with its offset such as 2026-03-02T09:00:00Z", text));
    } else if ("uuid".equals(keywords.text("format")) && !isId(text)) {
      faults.add(Fault.of(at, "be a UUID in its usual form", text));
    }
  }

  private static boolean isTime(String text) {
    try {
      return OffsetDateTime.parse(text).getYear() > 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isId(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void checkNumber(BigDecimal number, String at, List<Fault> faults) {
    BigDecimal least = keywords.number("minimum");
    BigDecimal most = keywords.number("maximum");
    boolean low = least != null && number.compareTo(least) < 0;
    boolean high = most != null && number.compareTo(most) > 0;
    if (low || high) {
      String rule =
          least == null
              ? "be at most " + most
              : most == null ? "be at least " + least : "be from %s to %s".formatted(least, most);
      faults.add(Fault.of(at, rule, number));
    }
  }
}
