package io.llmaccounting.backend;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.validation.Check;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Another name for a user.
 *
 * @param from the name that leaves
 * @param to the name that takes its place
 * @param subjects what becomes of the subject of a counter, which may hold the name; a subject that
 *     does not is returned as it was; commas, equals signs and backslashes of names are escaped
 *     there
 * @param texts what becomes of a sentence about a limit, which may hold the name; one that does not
 *     is returned as it was
 */
public record NameChange(
    String from, String to, UnaryOperator<String> subjects, UnaryOperator<String> texts) {
  /** Checks both names. */
  public NameChange {
    Check.name("from", from);
    Check.name("to", to);
    if (from.equals(to)) {
      throw new IllegalArgumentException("from and to must differ, were both \"" + from + "\"");
    }
  }

  /** Returns the attribution with the new name, as user and as value of tags. */
  public Attribution attribution(Attribution old) {
    Map<String, String> tags = new HashMap<>(old.tags());
    tags.replaceAll((name, value) -> value.equals(from) ? to : value);
    return new Attribution(
        old.project(),
        from.equals(old.user()) ? to : old.user(),
        old.caller(),
        old.session(),
        tags);
  }

  /** True if {@code attribution} holds the name that leaves, as user or as value of a tag. */
  public boolean concerns(Attribution attribution) {
    return from.equals(attribution.user()) || attribution.tags().containsValue(from);
  }

  /** True if the subject of a counter holds the name that leaves. */
  public boolean concerns(String subject) {
    return !subjects.apply(subject).equals(subject);
  }

  /**
   * A text that every subject and sentence with the name contains, for a first search; empty where
   * no text is sure to be in all of them.
   */
  public String needle() {
    return from.matches(".*[,=\\\\].*") ? "" : from;
  }
}
