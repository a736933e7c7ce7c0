package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.limit.Limit;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The one byte encoding of counters: a version, then used cells, held cells and fired thresholds,
 * all as variable-length integers, instants as distances from the state's {@code asOf} or from the
 * cell before.
 */
final class CounterEncoding {
  private static final byte VERSION = 1;
  private static final int MOST_BYTES = 10;

  private CounterEncoding() {}

  static CounterState encode(long asOf, Cells used, HeldCells held, AlertMarks marks) {
    int longs = 3 + 2 * used.size() + 3 * held.size() + 3 * marks.fired().size();
    ByteBuffer out = ByteBuffer.allocate(1 + longs * MOST_BYTES);
    out.put(VERSION);
    put(out, used.size());
    long previous = asOf;
    for (int i = 0; i < used.size(); i++) {
      put(out, used.leaves(i) - previous);
      put(out, used.amount(i));
      previous = used.leaves(i);
    }
    put(out, held.size());
    for (int i = 0; i < held.size(); i++) {
      put(out, held.leaves(i) - asOf);
      put(out, held.expires(i) - asOf);
      put(out, held.amount(i));
    }
    put(out, marks.fired().size());
    marks
        .fired()
        .forEach(
            (percent, mark) -> {
              put(out, percent);
              put(out, mark.rearms());
              put(out, mark.amount());
            });
    return new CounterState(asOf, Arrays.copyOf(out.array(), out.position()));
  }

  static Counter decode(Limit limit, CounterState state) {
    HeldCells held = new HeldCells();
    AlertMarks marks = new AlertMarks();
    if (state.cells().length == 0) {
      return new Counter(limit, state.asOf(), new Cells(0), held, marks);
    }
    ByteBuffer in = ByteBuffer.wrap(state.cells());
    byte version = in.get();
    if (version != VERSION) {
      throw new BackendException(
          BackendException.Kind.UNUSABLE,
          "counter of limit \"%s\" has encoding %d but this library reads %d; use the version that wrote it or rebuild the counters"
              .formatted(limit.name(), version, VERSION));
    }
    int cells = (int) get(in);
    Cells used = new Cells(cells + 4);
    long previous = state.asOf();
    for (int i = 0; i < cells; i++) {
      previous += get(in);
      used.append(previous, get(in));
    }
    int holds = (int) get(in);
    for (int i = 0; i < holds; i++) {
      held.add(state.asOf() + get(in), state.asOf() + get(in), get(in));
    }
    int thresholds = (int) get(in);
    for (int i = 0; i < thresholds; i++) {
      marks.put((int) get(in), get(in), get(in));
    }
    return new Counter(limit, state.asOf(), used, held, marks);
  }

  private static void put(ByteBuffer out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long get(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    while (true) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
      shift += 7;
    }
  }
}
