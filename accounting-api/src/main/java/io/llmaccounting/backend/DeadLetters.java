package io.llmaccounting.backend;

import java.util.List;

/** Calls of a spool that the database refused; they wait for a person. Safe for many threads. */
public interface DeadLetters {
  /**
   * Takes a call out of the line and keeps it with the reason. Durable.
   *
   * @param reason why it was refused; kept as {@link DeadLetter} says
   * @return false if nothing waits at {@code position}
   */
  boolean bury(long position, String reason);

  /**
   * Lists the dead letters behind a position, at most {@code count}, in order.
   *
   * @param after the position of the last one listed before; 0 to begin with
   */
  List<DeadLetter> list(long after, int count);

  /**
   * Puts a dead letter back into the line, at its old place. Durable.
   *
   * @return false if there is none at {@code position}
   */
  boolean restore(long position);

  /**
   * Forgets a dead letter for good: its call is never booked. Durable.
   *
   * @return false if there is none at {@code position}
   */
  boolean discard(long position);
}
