package io.llmaccounting.json;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object, each asked for by name and kind; {@link #requireNoOthers} finds fields
 * that nobody asked for. Every method throws {@link IllegalArgumentException} that names the field,
 * its value and the rule. Confined to one thread.
 */
public final class JsonFields {
  private static final int SHOWN = 100;

  private final Map<String, Object> values;
  private final Set<String> asked = new HashSet<>();
  private final boolean lenient;

  JsonFields(Map<String, Object> values) {
    this(values, false);
  }

  private JsonFields(Map<String, Object> values, boolean lenient) {
    this.values = values;
    this.lenient = lenient;
  }

  /**
   * Fields of these values, which are a String, a BigDecimal, a Boolean, or a List or Map of such.
   */
  public static JsonFields of(Map<String, ?> values) {
    return new JsonFields(new LinkedHashMap<>(values));
  }

  /**
   * Returns the same fields, read by whoever may be older than the one that wrote them: fields of
   * other names are passed over, here and in the objects inside.
   */
  public JsonFields lenient() {
    return new JsonFields(values, true);
  }

  /** The values by name: a String, a BigDecimal, a Boolean, or a List or Map of such. */
  public Map<String, Object> values() {
    return Collections.unmodifiableMap(values);
  }

  /** True if the field is there and not null. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The fields that are there. */
  public Set<String> names() {
    return values.keySet();
  }

  /** Returns these fields, completed by those of {@code defaults} where one is absent. */
  public JsonFields orElse(Map<String, ?> defaults) {
    Map<String, Object> joined = new LinkedHashMap<>(defaults);
    joined.putAll(values);
    return new JsonFields(joined, lenient);
  }

  /** Reads a field by a rule of its own, whose failure names the field. */
  public <T> T parsed(String name, Function<String, T> rule) {
    String text = text(name);
    try {
      return rule.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException(
          "%s: %s, was \"%s\"".formatted(name, e.getMessage(), text), e);
    }
  }

  /** Requires that the kind of the object is this one, or absent. */
  void requireKind(String kind) {
    String given = optionalText("kind");
    if (given != null && !given.equals(kind)) {
      throw wrong("kind", '"' + kind + '"', given);
    }
  }

  /** Lets a field be there that nobody reads. */
  void pass(String name) {
    asked.add(name);
  }

  private @Nullable Object take(String name) {
    asked.add(name);
    return values.get(name);
  }

  private static <T> T require(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is required, was absent");
    }
    return value;
  }

  private static IllegalArgumentException wrong(String name, String rule, Object value) {
    String text = String.valueOf(value);
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return new IllegalArgumentException(
        "%s must be %s, was %s"
            .formatted(name, rule, value instanceof String ? '"' + shown + '"' : shown));
  }

  /** A text, or null. */
  public @Nullable String optionalText(String name) {
    Object value = take(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrong(name, "a text", value);
  }

  /** A text. */
  public String text(String name) {
    return require(name, optionalText(name));
  }

  /** A decimal number, also where it is written as a text, or null. */
  public @Nullable BigDecimal optionalDecimal(String name) {
    Object value = take(name);
    if (value == null || value instanceof BigDecimal) {
      return (BigDecimal) value;
    }
    try {
      if (value instanceof String text) {
        return new BigDecimal(text);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(name, "a decimal number", value);
  }

  /** A whole number, or null. */
  public @Nullable Long optionalNumber(String name) {
    Object value = take(name);
    if (value == null) {
      return null;
    }
    return wholeNumber(name, value);
  }

  private static long wholeNumber(String name, Object value) {
    try {
      if (value instanceof BigDecimal number && Math.abs((long) number.scale()) < SHOWN) {
        return number.longValueExact();
      }
    } catch (ArithmeticException e) {
      // said below
    }
    throw wrong(name, "a whole number", value);
  }

  /** A whole number. */
  public long number(String name) {
    return require(name, optionalNumber(name));
  }

  /** A whole number in this range, or null. */
  public @Nullable Long optionalNumber(String name, long least, long most) {
    Long number = optionalNumber(name);
    if (number != null && (number < least || number > most)) {
      throw wrong(name, "from %d to %d".formatted(least, most), number);
    }
    return number;
  }

  /** A whole number in this range. */
  public long number(String name, long least, long most) {
    return require(name, optionalNumber(name, least, most));
  }

  /** True or false, or null. */
  public @Nullable Boolean optionalFlag(String name) {
    Object value = take(name);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw wrong(name, "true or false", value);
  }

  /** True or false. */
  public boolean requiredFlag(String name) {
    return require(name, optionalFlag(name));
  }

  /** True or false; false where it is absent. */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(optionalFlag(name));
  }

  /** An instant with its offset, such as {@code 2026-03-02T09:00:00.000001Z}, or null. */
  public @Nullable Instant optionalInstant(String name) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw wrong(name, "a time with its offset such as 2026-03-02T09:00:00Z", text);
    }
  }

  /** An instant. */
  public Instant instant(String name) {
    return require(name, optionalInstant(name));
  }

  /** A UUID, or null. */
  public @Nullable UUID optionalId(String name) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    UUID id = uuid(text);
    if (id == null) {
      throw wrong(name, "a UUID in its usual form", text);
    }
    return id;
  }

  /** The UUID that {@code text} is, or null. */
  static @Nullable UUID uuid(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equals(text.toLowerCase(Locale.ROOT)) ? id : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A UUID. */
  public UUID id(String name) {
    return require(name, optionalId(name));
  }

  /** One of the constants of {@code type}, in lower case or as they are, or null. */
  public <E extends Enum<E>> @Nullable E optionalWord(String name, Class<E> type) {
    String text = optionalText(name);
    return text == null ? null : constant(name, type, text);
  }

  private static <E extends Enum<E>> E constant(String name, Class<E> type, String text) {
    try {
      return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      TreeSet<String> words = new TreeSet<>();
      for (E constant : type.getEnumConstants()) {
        words.add(JsonWriter.word(constant));
      }
      throw wrong(name, "one of " + words, text);
    }
  }

  /** One of the constants of {@code type}. */
  public <E extends Enum<E>> E word(String name, Class<E> type) {
    return require(name, optionalWord(name, type));
  }

  /** Texts by name; empty where it is absent. */
  public Map<String, String> texts(String name) {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<?, ?> entry : entries(name).entrySet()) {
      if (!(entry.getValue() instanceof String text)) {
        throw wrong(name + "." + entry.getKey(), "a text", entry.getValue());
      }
      texts.put((String) entry.getKey(), text);
    }
    return texts;
  }

  /** Whole numbers by name; empty where it is absent. */
  public Map<String, Long> counts(String name) {
    Map<String, Long> counts = new TreeMap<>();
    for (Map.Entry<?, ?> entry : entries(name).entrySet()) {
      counts.put(
          (String) entry.getKey(), wholeNumber(name + "." + entry.getKey(), entry.getValue()));
    }
    return counts;
  }

  /** The fields of an object inside this one, or null. */
  @SuppressWarnings("unchecked")
  public @Nullable JsonFields optionalObject(String name) {
    return has(name) ? new JsonFields((Map<String, Object>) entries(name), lenient) : null;
  }

  private Map<?, ?> entries(String name) {
    Object value = take(name);
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong(name, "an object in braces", value);
  }

  /** The fields of an object inside this one. */
  public JsonFields object(String name) {
    return require(name, optionalObject(name));
  }

  /** Whole numbers in a list; empty where it is absent. */
  public List<Long> numbers(String name) {
    Object value = take(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(one -> wholeNumber(name, one)).toList();
    }
    throw wrong(name, "a list in brackets", value);
  }

  /** Texts in a list; empty where it is absent. */
  public List<String> textList(String name) {
    Object value = take(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw wrong(name, "a list of texts in brackets", value);
  }

  /** Constants of {@code type} in a list; empty where it is absent. */
  public <E extends Enum<E>> Set<E> words(String name, Class<E> type) {
    Set<E> constants = EnumSet.noneOf(type);
    textList(name).forEach(text -> constants.add(constant(name, type, text)));
    return constants;
  }

  /** The objects of a list; empty where it is absent. */
  @SuppressWarnings("unchecked")
  public List<JsonFields> objects(String name) {
    Object value = take(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
      return list.stream().map(one -> new JsonFields((Map<String, Object>) one, lenient)).toList();
    }
    throw wrong(name, "a list of objects in brackets", value);
  }

  /** Requires that every field was asked for, so that a mistyped name is noticed. */
  public void requireNoOthers() {
    Set<String> others = new TreeSet<>(values.keySet());
    others.removeAll(asked);
    if (!lenient && !others.isEmpty()) {
      throw new IllegalArgumentException(
          "a line of this kind must not have fields of other names, had "
              + String.join(", ", others));
    }
  }
}
