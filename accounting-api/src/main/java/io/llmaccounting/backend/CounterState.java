package io.llmaccounting.backend;

import java.util.Arrays;

/**
 * State of one counter. Backends store all parts and look into none of them; they may remove a
 * counter that is idle.
 *
 * @param asOf the latest instant the counter has seen, microseconds since 1970
 * @param cells what lies in the window, in the encoding of whoever decides; must not be changed
 * @param idleFrom from when on it says no more than {@link #EMPTY} does, microseconds since 1970;
 *     {@link #NEVER} if that time never comes. Follows from the other two, and so is no part of
 *     equality
 */
// the array is handed on between decider and store once per transaction; a copy each would be waste
@SuppressWarnings("ArrayRecordComponent")
public record CounterState(long asOf, byte[] cells, long idleFrom) {
  /** Stands for no instant at all. */
  public static final long NEVER = Long.MAX_VALUE;

  /** A counter that nothing was charged to. */
  public static final CounterState EMPTY = new CounterState(0, new byte[0], 0);

  /** A state that never becomes idle. */
  public CounterState(long asOf, byte[] cells) {
    this(asOf, cells, NEVER);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CounterState state
        && asOf == state.asOf
        && Arrays.equals(cells, state.cells);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(asOf) + Arrays.hashCode(cells);
  }

  @Override
  public String toString() {
    return "CounterState[asOf=" + asOf + ", cells=" + cells.length + " bytes]";
  }
}
