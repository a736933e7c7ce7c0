package io.llmaccounting.providers;

import io.llmaccounting.usage.ModelAnswer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was read from a provider's answer.
 *
 * @param answer the tokens and what else the answer says about itself
 * @param shape the shape that was told or recognised; UNKNOWN where none was
 * @param createdAt when the provider made it, or null where it does not tell
 */
public record ReadAnswer(ModelAnswer answer, Shape shape, @Nullable Instant createdAt) {
  /** Checks that all but the time are given. */
  public ReadAnswer {
    Objects.requireNonNull(answer, "answer is required, was null");
    Objects.requireNonNull(shape, "shape is required, was null");
  }

  /**
   * Lists the keys in its usage that look like tokens, hold more than zero and were not understood,
   * or contradict another spelling of the same count; where there are any, the answer keeps the raw
   * usage.
   */
  public List<String> unread() {
    return answer.unread();
  }
}
