package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;

/** What one shape of answer means. Implementations are stateless. */
interface Dialect {
  Shape shape();

  /** Whether {@code event} can only stem from an answer of this shape. */
  boolean recognises(AnswerEvent event);

  /** Notes what {@code event} adds. */
  void take(AnswerEvent event, AnswerState state);

  /**
   * The disjoint parts.
   *
   * @throws IllegalArgumentException if there are no counts, or they contradict one another
   */
  TokenUsage tokens(UsageTree usage, AnswerState state);

  /**
   * Notes the counts in {@code usage} of what is billed apart.
   *
   * @throws IllegalArgumentException if they are no counts
   */
  default void extras(UsageTree usage, AnswerState state) {}

  /** Fails unless {@code usage} has the one count that no report of this shape lacks. */
  static void require(UsageTree usage, String... path) {
    if (!usage.has(path)) {
      throw new IllegalArgumentException(
          "usage must have " + String.join(".", path) + ", was " + usage.json());
    }
  }
}
