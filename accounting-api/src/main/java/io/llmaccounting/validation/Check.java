package io.llmaccounting.validation;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks values where they enter the library; every message names the field, the value and the
 * rule.
 */
public final class Check {
  /** Most bytes of UTF-8 in a name or key. */
  public static final int MAX_NAME_BYTES = 255;

  /** Latest instant that can be stored: up to here ids sort alike in Java and in every database. */
  public static final Instant MAX_INSTANT = Instant.parse("6000-01-01T00:00:00Z");

  private static final int MAX_TAGS = 16;
  private static final int NANO_DECIMALS = 9;

  private Check() {}

  /** Returns {@code value} if it is a valid name, else throws. */
  public static String name(String field, @Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is required, was null");
    }
    if (value.isBlank()) {
      throw new IllegalArgumentException(field + " must not be blank, was \"" + value + "\"");
    }
    if (!value.strip().equals(value)) {
      throw new IllegalArgumentException(
          field + " must not start or end with blanks, was \"" + value + "\"");
    }
    storable(field, value);
    // a char takes three bytes at most: names are checked often and are hardly ever longer
    if (value.length() > MAX_NAME_BYTES / 3) {
      requireNotTooLong(field, value);
    }
    return value;
  }

  private static void requireNotTooLong(String field, String value) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "%s must be at most %d bytes of UTF-8, was %d bytes: \"%.40s...\""
              .formatted(field, MAX_NAME_BYTES, bytes, value));
    }
  }

  /** Returns {@code value} if it is null or a valid name, else throws. */
  public static @Nullable String optionalName(String field, @Nullable String value) {
    return value == null ? null : name(field, value);
  }

  /** Refuses text that no database stores: NUL and lone surrogates. */
  public static void storable(String field, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < value.length()
              && Character.isLowSurrogate(value.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        throw new IllegalArgumentException(
            "%s must not contain NUL or lone surrogates, found U+%04X at index %d"
                .formatted(field, (int) c, i));
      }
    }
  }

  /**
   * Returns a text of somebody else's as databases store it: NUL and lone surrogates replaced, cut
   * to at most {@code most} chars.
   */
  public static String readable(String text, int most) {
    StringBuilder readable = new StringBuilder();
    text.codePoints()
        .limit(most)
        .map(
            c ->
                c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                    ? 0xFFFD
                    : c)
        .forEach(readable::appendCodePoint);
    while (readable.length() > most) {
      readable.setLength(readable.offsetByCodePoints(readable.length(), -1));
    }
    return readable.toString();
  }

  /** Returns {@code value} if it lies in [{@code least}, {@code most}], else throws. */
  public static long range(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be from %d to %d, was %d".formatted(field, least, most, value));
    }
    return value;
  }

  /**
   * Throws unless an amount of money lies in [0, {@code most}], both nano-dollars; the message
   * names dollars.
   */
  public static void money(String field, long nanos, long most) {
    if (nanos < 0 || nanos > most) {
      throw new IllegalArgumentException(
          "%s must be from $0 to $%s, was $%s".formatted(field, dollars(most), dollars(nanos)));
    }
  }

  private static String dollars(long nanos) {
    return BigDecimal.valueOf(nanos, NANO_DECIMALS).stripTrailingZeros().toPlainString();
  }

  /** Like {@link #range}, letting null through. */
  public static @Nullable Long optionalRange(
      String field, @Nullable Long value, long least, long most) {
    return value == null ? null : range(field, value, least, most);
  }

  /** Returns {@code value} cut to microseconds if it lies between 1970 and 6000, else throws. */
  public static Instant instant(String field, @Nullable Instant value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is required, was null");
    }
    if (value.isBefore(Instant.EPOCH) || value.isAfter(MAX_INSTANT)) {
      throw new IllegalArgumentException(
          "%s must lie between %s and %s, was %s"
              .formatted(field, Instant.EPOCH, MAX_INSTANT, value));
    }
    return value.truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns {@code value} cut to microseconds if it is null or not negative, else throws. */
  public static @Nullable Duration optionalDuration(String field, @Nullable Duration value) {
    if (value == null) {
      return null;
    }
    if (value.isNegative() || value.compareTo(Duration.ofDays(36_500)) > 0) {
      throw new IllegalArgumentException(field + " must be from PT0S to P36500D, was " + value);
    }
    return value.truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns a sorted, unmodifiable copy of tags or attributes whose keys and values are names. */
  public static Map<String, String> tags(String field, Map<String, String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "%s must have at most %d entries, had %d".formatted(field, MAX_TAGS, tags.size()));
    }
    if (tags.isEmpty()) {
      return Map.of();
    }
    TreeMap<String, String> sorted = new TreeMap<>();
    tags.forEach(
        (key, value) -> sorted.put(name(field + " key", key), name(field + "." + key, value)));
    return java.util.Collections.unmodifiableMap(sorted);
  }

  /** Returns a sorted, unmodifiable copy of counts, each at least 0. */
  public static Map<String, Long> counts(String field, Map<String, Long> counts) {
    if (counts.isEmpty()) {
      return Map.of();
    }
    TreeMap<String, Long> sorted = new TreeMap<>();
    counts.forEach(
        (key, value) ->
            sorted.put(
                name(field + " key", key),
                range(
                    field + "." + key,
                    Objects.requireNonNull(value, field),
                    0,
                    1_000_000_000_000L)));
    return java.util.Collections.unmodifiableMap(sorted);
  }
}
