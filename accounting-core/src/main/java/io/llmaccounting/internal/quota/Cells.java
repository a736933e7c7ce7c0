package io.llmaccounting.internal.quota;

import io.llmaccounting.usage.Saturated;
import java.util.Arrays;

/**
 * Amounts by the instant at which they stop counting, sorted by it. Confined to one thread.
 *
 * <p>Each instant has a cell of its own until there are too many. Then neighbours within one grain
 * are merged, the soonest first: what is merged stops counting with the last of them, never earlier
 * than it would have, never a whole grain later, and never later than the newest that was added.
 */
final class Cells {
  /** How many of the cells that leave last are never merged for lack of room. */
  private static final int KEPT = 128;

  private long[] leaves;
  private long[] amounts;
  private int size;
  private long sum;
  private long mergedUntil = Long.MIN_VALUE;

  Cells(int expected) {
    leaves = new long[Math.max(8, expected)];
    amounts = new long[Math.max(8, expected)];
  }

  int size() {
    return size;
  }

  /** The sum of all, at most {@link Long#MAX_VALUE}. */
  long sum() {
    return sum;
  }

  long leaves(int index) {
    return leaves[index];
  }

  /** When the last cell leaves; {@link Long#MIN_VALUE} where there is none. */
  long lastLeaves() {
    return size == 0 ? Long.MIN_VALUE : leaves[size - 1];
  }

  long amount(int index) {
    return amounts[index];
  }

  /** Up to where cells may hold what should have left a little earlier. */
  long mergedUntil() {
    return mergedUntil;
  }

  /** Cells up to {@code instant} may hold what should have left a little earlier. */
  void mergedUntil(long instant) {
    mergedUntil = Math.max(mergedUntil, instant);
  }

  /** True if some cell may hold what should have left a little earlier. */
  boolean isMerged() {
    return size > 0 && leaves[0] <= mergedUntil;
  }

  /** Adds a cell that leaves after all others. */
  void append(long leave, long amount) {
    room();
    leaves[size] = leave;
    amounts[size++] = amount;
    sum = Saturated.sum(sum, amount);
  }

  /** Adds an amount. */
  void add(long leave, long amount, Crowding crowding) {
    sum = Saturated.sum(sum, amount);
    int at = size > 0 && leaves[size - 1] < leave ? -size - 1 : search(leave);
    if (at >= 0) {
      amounts[at] = Saturated.sum(amounts[at], amount);
    } else if (crowding.always()) {
      merge(-at - 1, leave, amount, crowding.grain());
    } else {
      insert(-at - 1, leave, amount);
      if (size > crowding.capacity()) {
        coarsen(crowding.grainWithin(leaves[0], leaves[size - 1]));
      }
    }
  }

  // at is where it would be inserted
  private void merge(int at, long leave, long amount, long grain) {
    long bucket = Math.floorDiv(leave, grain);
    if (at < size && Math.floorDiv(leaves[at], grain) == bucket) {
      amounts[at] = Saturated.sum(amounts[at], amount);
      mergedUntil(leaves[at]);
    } else if (at > 0 && Math.floorDiv(leaves[at - 1], grain) == bucket) {
      leaves[at - 1] = leave;
      amounts[at - 1] = Saturated.sum(amounts[at - 1], amount);
      mergedUntil(leave);
    } else {
      insert(at, leave, amount);
    }
  }

  private void coarsen(long grain) {
    int end = size - KEPT;
    int written = 0;
    for (int read = 0; read < end; read++) {
      boolean near =
          written > 0
              && Math.floorDiv(leaves[read], grain) == Math.floorDiv(leaves[written - 1], grain);
      if (near) {
        amounts[written - 1] = Saturated.sum(amounts[written - 1], amounts[read]);
        leaves[written - 1] = leaves[read];
        mergedUntil(leaves[read]);
      } else {
        leaves[written] = leaves[read];
        amounts[written++] = amounts[read];
      }
    }
    System.arraycopy(leaves, end, leaves, written, KEPT);
    System.arraycopy(amounts, end, amounts, written, KEPT);
    size = written + KEPT;
  }

  /**
   * Takes back what was added; from later cells where it has merged into one of them. A cell whose
   * amount no long can hold keeps it: how much it lacks is not known.
   */
  void subtract(long leave, long amount) {
    long rest = amount;
    int found = search(leave);
    int at = found >= 0 ? found : -found - 1;
    while (at < size && rest > 0 && (leaves[at] == leave || leaves[at] <= mergedUntil)) {
      if (amounts[at] == Long.MAX_VALUE) {
        break;
      }
      long taken = Math.min(rest, amounts[at]);
      amounts[at] -= taken;
      rest -= taken;
      at += dropIfEmpty(at) ? 0 : 1;
      reduce(taken);
    }
  }

  private boolean dropIfEmpty(int at) {
    if (amounts[at] > 0) {
      return false;
    }
    System.arraycopy(leaves, at + 1, leaves, at, size - at - 1);
    System.arraycopy(amounts, at + 1, amounts, at, size - at - 1);
    size--;
    return true;
  }

  private void reduce(long taken) {
    if (sum < Long.MAX_VALUE) {
      sum -= taken;
      return;
    }
    sum = 0;
    for (int i = 0; i < size; i++) {
      sum = Saturated.sum(sum, amounts[i]);
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
    long left = 0;
    while (gone < size && leaves[gone] <= now) {
      left = Saturated.sum(left, amounts[gone++]);
    }
    if (gone > 0) {
      System.arraycopy(leaves, gone, leaves, 0, size - gone);
      System.arraycopy(amounts, gone, amounts, 0, size - gone);
      size -= gone;
      reduce(left);
    }
  }
}
