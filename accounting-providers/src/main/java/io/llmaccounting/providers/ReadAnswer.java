package io.llmaccounting.providers;

import io.llmaccounting.usage.ModelAnswer;
import java.util.Objects;

/**
 * What was read from a provider's answer.
 *
 * @param answer the tokens and what else the answer says about itself
 * @param shape the shape that was told or recognised; UNKNOWN where none was
 */
public record ReadAnswer(ModelAnswer answer, Shape shape) {
  /** Checks that both are given. */
  public ReadAnswer {
    Objects.requireNonNull(answer, "answer is required, was null");
    Objects.requireNonNull(shape, "shape is required, was null");
  }
}
