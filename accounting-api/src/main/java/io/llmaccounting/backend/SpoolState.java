package io.llmaccounting.backend;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much a spool keeps.
 *
 * @param waiting calls that wait
 * @param deadLetters calls that the database refused
 * @param bytes how much room they take, in bytes
 * @param maxBytes how much room the spool has, in bytes
 * @param oldest when the first of those that wait was recorded, null where none waits
 * @param setAside damaged files that were set aside, by name; a person has to look at them
 */
public record SpoolState(
    long waiting,
    long deadLetters,
    long bytes,
    long maxBytes,
    @Nullable Instant oldest,
    List<String> setAside) {
  /** Copies the list. */
  public SpoolState {
    setAside = List.copyOf(setAside);
  }
}
