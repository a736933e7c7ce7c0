package io.llmaccounting.limit;

import org.jspecify.annotations.Nullable;

/**
 * One part of a limit before and after a change, in the words of audit entries.
 *
 * @param field the part, such as {@code maximum} or {@code window}
 * @param from what it was, null where it was absent
 * @param to what it is, null where it is absent
 */
public record FieldChange(String field, @Nullable String from, @Nullable String to) {
  /** For instance {@code maximum $400 -> $500}. */
  @Override
  public String toString() {
    return field + " " + shown(from) + " -> " + shown(to);
  }

  private static String shown(@Nullable String value) {
    return value == null ? "(none)" : value;
  }
}
