package io.llmaccounting.limit;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A limit before and after.
 *
 * @param before the limit as it was, null where there was none
 * @param after the limit as it is, null where there is none; at least one of them is there, and
 *     both have the same name
 */
public record LimitChange(@Nullable Limit before, @Nullable Limit after) {
  /** Says what became of a limit. */
  public enum Kind {
    /** It is new. */
    CREATED,
    /** It is another than it was. */
    CHANGED,
    /** It is gone. */
    REMOVED,
    /** It is as it was. */
    UNCHANGED
  }

  /** Checks that there is a limit, and of one name. */
  public LimitChange {
    if (before == null && after == null) {
      throw new IllegalArgumentException("a change must be of a limit, before and after were null");
    }
    if (before != null && after != null && !before.name().equals(after.name())) {
      throw new IllegalArgumentException(
          "a change must be of one limit, was of \"%s\" and \"%s\""
              .formatted(before.name(), after.name()));
    }
  }

  /** The limit's name. */
  public String name() {
    return Objects.requireNonNull(after == null ? before : after, "one is there").name();
  }

  /** What became of it. */
  public Kind kind() {
    if (before == null) {
      return Kind.CREATED;
    }
    if (after == null) {
      return Kind.REMOVED;
    }
    return before.equals(after) ? Kind.UNCHANGED : Kind.CHANGED;
  }

  /** The parts in which before and after differ; all parts where one of them is null. */
  public List<FieldChange> fields() {
    return LimitFields.differing(before, after);
  }

  /**
   * One line: {@code + "month": COST limit ...}, {@code ~ "month": maximum $400 -> $500}, {@code -
   * "month": COST limit ...} or {@code = "month"}.
   */
  @Override
  public String toString() {
    String quoted = '"' + name() + '"';
    return switch (kind()) {
      case CREATED -> "+ " + after;
      case REMOVED -> "- " + before;
      case UNCHANGED -> "= " + quoted;
      case CHANGED ->
          fields().stream()
              .map(FieldChange::toString)
              .collect(Collectors.joining(", ", "~ " + quoted + ": ", ""));
    };
  }
}
