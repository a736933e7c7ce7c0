package io.llmaccounting.providers;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in a usage object a count stands: {@code a.b}, or {@code list[kind=AUDIO].count} for the
 * sum over those objects of an array whose {@code kind} is AUDIO.
 *
 * @param text the path
 * @param top the key at the top of the usage object under which it lies
 */
record UsagePath(String text, String top) {
  /** The place that {@code text} names. */
  UsagePath(String text) {
    this(text, topOf(text));
  }

  private static String topOf(String text) {
    int end = text.length();
    for (char c : new char[] {'.', '['}) {
      int at = text.indexOf(c);
      end = at >= 0 && at < end ? at : end;
    }
    return text.substring(0, end);
  }

  /** The path without its condition, as a walk over the tree gives it. */
  String plain() {
    int from = text.indexOf('[');
    return from < 0 ? text : text.substring(0, from) + text.substring(text.indexOf(']') + 1);
  }

  /** The number that stands there, also one with decimals; null where there is none. */
  @Nullable BigDecimal decimal(UsageTree usage) {
    if (!mayBeIn(usage)) {
      return null;
    }
    if (text.indexOf('[') < 0) {
      return usage.decimal(text);
    }
    Long count = count(usage);
    return count == null ? null : BigDecimal.valueOf(count);
  }

  /**
   * The count that stands there; null where there is none.
   *
   * @throws IllegalArgumentException if something else stands there
   */
  @Nullable Long count(UsageTree usage) {
    if (!mayBeIn(usage)) {
      return null;
    }
    int from = text.indexOf('[');
    if (from < 0) {
      return usage.optionalCount(text);
    }
    String array = text.substring(0, from);
    if (!usage.hasArray(array)) {
      return null;
    }
    String[] condition = text.substring(from + 1, text.indexOf(']')).split("=", -1);
    String field = text.substring(text.indexOf(']') + 2);
    long sum = 0;
    List<UsageTree> objects = usage.objects(array);
    for (UsageTree object : objects) {
      if (condition[1].equalsIgnoreCase(object.word(condition[0]))) {
        Long count = object.optionalCount(field);
        sum = Math.min(sum + (count == null ? 0 : count), WrittenNumber.MAX_COUNT);
      }
    }
    return sum;
  }

  /** Most paths of a dialect are in no usage object, and walking one is dear. */
  private boolean mayBeIn(UsageTree usage) {
    return usage.hasKey(top) || usage.hasKey(text);
  }
}
