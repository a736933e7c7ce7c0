package io.llmaccounting.usage;

import io.llmaccounting.validation.Check;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says which values of one {@link Dimension} are chosen. A dimension without a match takes any
 * value, all added up.
 *
 * @param kind how values are compared
 * @param value the value or prefix for IS and PREFIX, else null
 */
public record Match(Kind kind, @Nullable String value) {
  /** How values are compared. */
  public enum Kind {
    /** Exactly this value. */
    IS,
    /** Every value that starts like this; added up together. */
    PREFIX,
    /** Every value, each counted apart; usage without a value is counted as one of its own. */
    EACH,
    /** Only usage without a value. */
    ABSENT
  }

  private static final Match EACH = new Match(Kind.EACH, null);
  private static final Match ABSENT = new Match(Kind.ABSENT, null);

  /** Checks that a value is there exactly where one is needed. */
  public Match {
    Objects.requireNonNull(kind, "kind is required, was null");
    if (kind == Kind.IS || kind == Kind.PREFIX) {
      Check.name("matched value", value);
    } else if (value != null) {
      throw new IllegalArgumentException(
          "value must be absent for %s, was \"%s\"".formatted(kind, value));
    }
  }

  /**
   * Reads what {@link #toString} writes; the kind in whatever case.
   *
   * @throws IllegalArgumentException if {@code text} is no match
   */
  public static Match parse(String text) {
    int blank = text.indexOf(' ');
    String word = blank < 0 ? text : text.substring(0, blank);
    for (Kind kind : Kind.values()) {
      if (kind.name().equalsIgnoreCase(word)) {
        return new Match(kind, blank < 0 ? null : text.substring(blank + 1));
      }
    }
    throw new IllegalArgumentException(
        "a match must be \"is NAME\", \"prefix TEXT\", \"each\" or \"absent\", was \"%s\""
            .formatted(text));
  }

  /** Exactly {@code value}. */
  public static Match is(String value) {
    return new Match(Kind.IS, value);
  }

  /** Every value that starts with {@code prefix}. */
  public static Match prefix(String prefix) {
    return new Match(Kind.PREFIX, prefix);
  }

  /** Every value, each counted apart. */
  public static Match each() {
    return EACH;
  }

  /** Only usage without a value. */
  public static Match absent() {
    return ABSENT;
  }

  /** True if {@code actual} is chosen; null stands for no value. */
  public boolean matches(@Nullable String actual) {
    return switch (kind) {
      case IS -> Objects.equals(value, actual);
      case PREFIX -> actual != null && value != null && actual.startsWith(value);
      case EACH -> true;
      case ABSENT -> actual == null;
    };
  }

  /** True if every value that this chooses is also chosen by {@code other}. */
  public boolean isAtLeastAsTightAs(Match other) {
    return switch (other.kind) {
      case EACH -> true;
      case ABSENT -> kind == Kind.ABSENT;
      case IS -> equals(other);
      case PREFIX -> value != null && other.value != null && value.startsWith(other.value);
    };
  }

  /** For instance {@code is alice}, {@code prefix bot-}, {@code each}, {@code absent}. */
  @Override
  public String toString() {
    String word = kind.name().toLowerCase(java.util.Locale.ROOT);
    return value == null ? word : word + " " + value;
  }
}
