package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/**
 * What a provider sent can not be read as an answer: it is no JSON, breaks off in the middle of it,
 * or exceeds a bound of {@link UsageReader}.
 */
public final class UnreadableAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long position;

  UnreadableAnswerException(String problem, long position, @Nullable Throwable cause) {
    super(
        "answer %s, near byte %d; its call can be recorded with ModelAnswer.withoutUsage()"
            .formatted(problem, position),
        cause);
    this.position = position;
  }

  /** How many bytes had been taken in when it turned out to be unreadable. */
  public long position() {
    return position;
  }
}
