package io.llmaccounting.backend;

import java.util.Arrays;

/**
 * State of one counter. Backends store both parts and look into neither.
 *
 * @param asOf the latest instant the counter has seen, microseconds since 1970
 * @param cells what lies in the window, in the encoding of whoever decides; must not be changed
 */
// the array is handed on between decider and store once per transaction; a copy each would be waste
@SuppressWarnings("ArrayRecordComponent")
public record CounterState(long asOf, byte[] cells) {
  /** A counter that nothing was charged to. */
  public static final CounterState EMPTY = new CounterState(0, new byte[0]);

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
