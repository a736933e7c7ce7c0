package io.llmaccounting.health;

import org.jspecify.annotations.Nullable;

/**
 * The model has answered, and accounting failed afterwards. This exception carries the answer, and
 * its cause says what was not recorded. Thrown where a call is made through the accounting, with
 * {@link ErrorPolicy#FAIL}.
 */
public final class AnswerNotRecordedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Object answer;

  /** Keeps {@code answer}, which may be null, and what failed after it. */
  public AnswerNotRecordedException(@Nullable Object answer, Throwable cause) {
    super(
        "the model answered, but its usage was not recorded as it should be: "
            + cause.getMessage()
            + "; the answer is in answer(), do not call again for it",
        cause);
    this.answer = answer;
  }

  /** What the call returned; null if it returned null, or after serialization. */
  public @Nullable Object answer() {
    return answer;
  }

  /**
   * Returns the answer as a {@code type}.
   *
   * @throws ClassCastException if it is none
   */
  public <T> @Nullable T answer(Class<T> type) {
    return type.cast(answer);
  }
}
