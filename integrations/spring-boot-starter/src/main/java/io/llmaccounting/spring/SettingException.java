package io.llmaccounting.spring;

import org.jspecify.annotations.Nullable;

/** A property has a value that cannot be used; says which, what it was, and what would be right. */
final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String property;
  private final String found;
  private final String rule;

  SettingException(String property, @Nullable Object value, String rule) {
    this(property, value, rule, null);
  }

  SettingException(
      String property, @Nullable Object value, String rule, @Nullable Throwable cause) {
    super(property + (value == null ? "" : " = \"" + value + '"') + ": " + rule, cause);
    this.property = property;
    this.found = value == null ? "is not set" : "has the value \"" + value + '"';
    this.rule = rule;
  }

  String property() {
    return property;
  }

  String found() {
    return found;
  }

  String rule() {
    return rule;
  }

  /** Does something with a value, and names the property where the library refuses it. */
  static <T> void with(String property, @Nullable T value, Use<T> use) {
    if (value == null) {
      return;
    }
    try {
      use.of(value);
    } catch (IllegalArgumentException e) {
      throw new SettingException(property, value, String.valueOf(e.getMessage()), e);
    }
  }

  /** What is done with the value of a property. */
  @FunctionalInterface
  interface Use<T> {
    void of(T value);
  }
}
