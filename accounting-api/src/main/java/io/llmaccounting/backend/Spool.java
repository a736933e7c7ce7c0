package io.llmaccounting.backend;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps calls on this machine while the database is away. It keeps and never decides. Safe for use
 * by many threads; after {@link #close} every method throws {@link BackendException} of kind
 * CLOSED.
 *
 * <p>Calls that a process left behind are there when the next one opens the same spool. Where
 * processes share a spool, each sees its own calls, and those of processes that ended; so read now
 * and then even when nothing was appended.
 *
 * <p>Authors of a spool prove it with the contract of the testkit.
 */
public interface Spool extends AutoCloseable {
  /**
   * Appends calls in their order and adds to the open amounts: all or nothing, durable when it
   * returns. A call may be there already; the ledger books it once.
   *
   * @param calls may be empty
   * @param opened what was let through because the database is away, or given back of it where
   *     negative; no sum falls below 0
   * @throws SpoolFullException if there is no room; nothing was written
   * @throws BackendException if it failed; the calls may be there all the same
   */
  void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened);

  /**
   * The oldest calls that wait behind a position, at most {@code count}, in order.
   *
   * @param after the position of the last one read before; 0 to begin with
   */
  List<SpoolEntry> read(long after, int count);

  /** Removes entries that were booked; unknown positions change nothing. Durable. */
  void remove(Set<Long> positions);

  /** Calls that the database refused. */
  DeadLetters deadLetters();

  /** What was let through while the database is away. */
  OpenAmounts openAmounts();

  /** How much the spool keeps; cheap enough to be asked every second. */
  SpoolState state();

  /** Closes files; what is kept stays. Closing again does nothing. */
  @Override
  void close();
}
