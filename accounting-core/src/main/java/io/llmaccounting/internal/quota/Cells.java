package io.llmaccounting.internal.quota;

import java.util.Arrays;

/**
 * Amounts by the instant at which they leave, sorted by it. Confined to one thread.
 *
 * <p>Above the capacity the older half is coarsened: its cells leave at the end of their coarse
 * grain, never earlier than they would have.
 */
final class Cells {
  static final int CAPACITY = 256;

  private long[] leaves;
  private long[] amounts;
  private int size;
  private long sum;

  Cells(int expected) {
    leaves = new long[Math.max(8, expected)];
    amounts = new long[Math.max(8, expected)];
  }

  int size() {
    return size;
  }

  long sum() {
    return sum;
  }

  long leaves(int index) {
    return leaves[index];
  }

  long amount(int index) {
    return amounts[index];
  }

  /** Adds a cell that leaves after all others. */
  void append(long leave, long amount) {
    room();
    leaves[size] = leave;
    amounts[size++] = amount;
    sum = added(sum, amount);
  }

  /** Adds an amount; {@code coarse} is the grain to fall back to, 0 where there is none. */
  void add(long leave, long amount, long coarse) {
    sum = added(sum, amount);
    int at = size > 0 && leaves[size - 1] <= leave ? size - 1 : search(leave);
    if (at >= 0 && at < size && leaves[at] == leave) {
      amounts[at] += amount;
      return;
    }
    insert(at >= 0 ? at + 1 : -at - 1, leave, amount);
    if (coarse > 0 && size > CAPACITY) {
      coarsen(coarse);
    }
  }

  /**
   * The sum of both.
   *
   * @throws ArithmeticException if a counter cannot hold it
   */
  static long added(long sum, long amount) {
    if (amount > Long.MAX_VALUE - sum) {
      throw new ArithmeticException(
          "a counter must not exceed %d, would be %d + %d; narrow the limit or its window"
              .formatted(Long.MAX_VALUE, sum, amount));
    }
    return sum + amount;
  }

  private void coarsen(long grain) {
    int read = 0;
    int written = 0;
    long last = Long.MIN_VALUE;
    while (read < size && (read < size / 2 || leaves[read] <= last)) {
      last = coarse(leaves[read], grain);
      if (written > 0 && leaves[written - 1] == last) {
        amounts[written - 1] += amounts[read];
      } else {
        leaves[written] = last;
        amounts[written++] = amounts[read];
      }
      read++;
    }
    System.arraycopy(leaves, read, leaves, written, size - read);
    System.arraycopy(amounts, read, amounts, written, size - read);
    size -= read - written;
  }

  /** The last instant of the grain that {@code leave} lies in. */
  static long coarse(long leave, long grain) {
    return (Math.floorDiv(leave, grain) + 1) * grain - 1;
  }

  /** Takes back what was added; from later cells where it has merged into one of them. */
  void subtract(long leave, long amount) {
    int found = search(leave);
    long rest = amount;
    for (int i = found >= 0 ? found : -found - 1; i < size && rest > 0; i++) {
      long taken = Math.min(rest, amounts[i]);
      amounts[i] -= taken;
      sum -= taken;
      rest -= taken;
    }
  }

  private int search(long leave) {
    return Arrays.binarySearch(leaves, 0, size, leave);
  }

  private void insert(int at, long leave, long amount) {
    room();
    System.arraycopy(leaves, at, leaves, at + 1, size - at);
    System.arraycopy(amounts, at, amounts, at + 1, size - at);
    leaves[at] = leave;
    amounts[at] = amount;
    size++;
  }

  private void room() {
    if (size == leaves.length) {
      leaves = Arrays.copyOf(leaves, size * 2);
      amounts = Arrays.copyOf(amounts, size * 2);
    }
  }

  /** Drops what has left at {@code now}. */
  void advance(long now) {
    int gone = 0;
    while (gone < size && leaves[gone] <= now) {
      sum -= amounts[gone++];
    }
    drop(gone);
  }

  private void drop(int count) {
    if (count > 0) {
      System.arraycopy(leaves, count, leaves, 0, size - count);
      System.arraycopy(amounts, count, amounts, 0, size - count);
      size -= count;
    }
  }
}
