package io.llmaccounting.tap;

import io.llmaccounting.usage.ModelAnswer;
import java.util.Optional;

/**
 * Reads what methods return that ask a model, for a type of a library or of an application. Given
 * to {@link MeteredMethod#reading}, or named in {@code
 * META-INF/services/io.llmaccounting.tap.ReturnReader}. Safe for use by many threads.
 */
@FunctionalInterface
public interface ReturnReader {
  /**
   * Reads {@code returned}, or a piece of it where it comes in pieces. What this throws costs
   * nobody the answer: it is recorded without usage, and the failure is counted.
   *
   * @return empty if it is of no type that this reader knows
   */
  Optional<ModelAnswer> read(Object returned);
}
