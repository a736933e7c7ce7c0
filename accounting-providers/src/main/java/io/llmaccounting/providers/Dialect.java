package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** Knows what one shape of answer means. Implementations are stateless. */
interface Dialect {
  Shape shape();

  /** Everything that this dialect reads. */
  AnswerFields fields();

  /** How surely {@code event} stems from an answer of this shape. */
  Evidence recognises(AnswerEvent event);

  /** Notes what {@code event} adds beyond the words that are declared. */
  void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state);

  /** What the counts of an answer include. */
  Convention convention(AnswerState state);

  /**
   * The tokens.
   *
   * @throws IllegalArgumentException if there are no counts, or they contradict one another
   */
  default TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    return convention(state).read(counts);
  }
}
