package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CounterState;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/**
 * The byte encoding of counters: a version, then used cells, held cells and fired thresholds, all
 * as variable-length integers, instants as distances from the state's {@code asOf} or from the cell
 * before. Version 3 adds to each cell the part that a long cannot hold, and is written where there
 * is one; version 4 adds the leases after that, and is written where there are some. Version 1,
 * which had no merged cells and two instants for each held cell, can still be read.
 */
final class CounterEncoding {
  private static final byte FIRST_VERSION = 1;
  private static final byte VERSION = 2;
  private static final byte CARRYING = 3;
  private static final byte LEASING = 4;
  private static final int MOST_BYTES = 10;

  private CounterEncoding() {}

  static byte[] encode(long asOf, Cells used, Cells held, AlertMarks marks, CounterLeases leases) {
    boolean leasing = !leases.isEmpty();
    boolean carries = leasing || used.carries() || held.carries();
    int cells = used.size() + held.size();
    int longs =
        5
            + (carries ? 3 : 2) * cells
            + 3 * marks.fired().size()
            + (leasing ? 2 + 4 * leases.live().size() : 0);
    ByteBuffer out = ByteBuffer.allocate(1 + longs * MOST_BYTES);
    out.put(leasing ? LEASING : carries ? CARRYING : VERSION);
    put(out, used, asOf, carries);
    put(out, held, asOf, carries);
    put(out, marks.fired().size());
    marks
        .fired()
        .forEach(
            (percent, mark) -> {
              put(out, percent);
              put(out, mark.rearms());
              put(out, mark.amount());
            });
    if (leasing) {
      put(out, asOf, leases);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void put(ByteBuffer out, Cells cells, long asOf, boolean carries) {
    put(out, cells.isMerged() ? cells.mergedUntil() - asOf : 0);
    put(out, cells.size());
    long previous = asOf;
    for (int i = 0; i < cells.size(); i++) {
      put(out, cells.leaves(i) - previous);
      put(out, cells.rest(i));
      if (carries) {
        put(out, cells.carry(i));
      }
      previous = cells.leaves(i);
    }
  }

  private static void put(ByteBuffer out, long asOf, CounterLeases leases) {
    put(out, leases.wish());
    put(out, leases.live().size());
    leases
        .live()
        .forEach(
            (id, part) -> {
              out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
              put(out, part.ends() - asOf);
              put(out, part.amount());
            });
  }

  private static void leases(ByteBuffer in, long asOf, CounterLeases leases) {
    leases.wish(get(in));
    int size = (int) get(in);
    for (int i = 0; i < size; i++) {
      leases.put(new UUID(in.getLong(), in.getLong()), asOf + get(in), get(in));
    }
  }

  static Counter decode(Limit limit, CounterState state) {
    long asOf = state.asOf();
    AlertMarks marks = new AlertMarks();
    if (state.cells().length == 0) {
      return new Counter(limit, asOf, new Cells(0), new Cells(0), marks);
    }
    ByteBuffer in = ByteBuffer.wrap(state.cells());
    byte version = in.get();
    if (version < FIRST_VERSION || version > LEASING) {
      throw new BackendException(
          BackendException.Kind.UNUSABLE,
          "counter of limit \"%s\" has encoding %d but this library reads %d to %d; use the version that wrote it or rebuild the counters"
              .formatted(limit.name(), version, FIRST_VERSION, LEASING));
    }
    boolean first = version == FIRST_VERSION;
    boolean carries = version >= CARRYING;
    Cells used = first ? firstUsed(in, limit, asOf) : cells(in, asOf, carries);
    Cells held = first ? firstHeld(in, asOf) : cells(in, asOf, carries);
    int thresholds = (int) get(in);
    for (int i = 0; i < thresholds; i++) {
      marks.put((int) get(in), get(in), get(in));
    }
    Counter counter = new Counter(limit, asOf, used, held, marks);
    if (version == LEASING) {
      leases(in, asOf, counter.leases());
    }
    return counter;
  }

  private static Cells cells(ByteBuffer in, long asOf, boolean carries) {
    long merged = get(in);
    int size = (int) get(in);
    Cells cells = new Cells(size + 4);
    long previous = asOf;
    for (int i = 0; i < size; i++) {
      previous += get(in);
      cells.append(previous, get(in), carries ? get(in) : 0);
    }
    if (merged > 0) {
      cells.mergedUntil(asOf + merged);
    }
    return cells;
  }

  // In version 1 the usage of a rolling window left up to a grain late, so that some leaves later
  // than it could now.
  private static Cells firstUsed(ByteBuffer in, Limit limit, long asOf) {
    WindowExit leaving = new WindowExit(limit);
    boolean rolling = limit.window() instanceof Window.Rolling;
    int size = (int) get(in);
    Cells cells = new Cells(size + 4);
    long leaves = asOf;
    for (int i = 0; i < size; i++) {
      leaves += get(in);
      long leave = rolling ? Math.min(leaves, leaving.of(asOf)) : leaves;
      cells.add(leave, get(in), Crowding.NEVER);
      if (leaving.grain() > 0) {
        cells.mergedUntil(leave);
      }
    }
    return cells;
  }

  private static Cells firstHeld(ByteBuffer in, long asOf) {
    int size = (int) get(in);
    Cells cells = new Cells(size + 4);
    for (int i = 0; i < size; i++) {
      long leaves = asOf + get(in);
      long expires = asOf + get(in);
      cells.add(Math.min(leaves, expires), get(in), Crowding.HELD);
    }
    return cells;
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
