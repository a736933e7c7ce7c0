package io.llmaccounting.providers;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer that was found in a file.
 *
 * @param line the line on which it begins, from 1; of a message that grew, the last of its lines
 * @param read what it says, and when it was made
 * @param key a name for the call that it has whenever the same file is read, or null where the
 *     answer carries no id
 */
public record PastAnswer(long line, ReadAnswer read, @Nullable String key) {
  /** Checks that there is an answer. */
  public PastAnswer {
    Objects.requireNonNull(read, "read is required, was null");
  }
}
