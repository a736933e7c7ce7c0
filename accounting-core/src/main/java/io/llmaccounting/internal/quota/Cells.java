package io.llmaccounting.internal.quota;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Amounts by the instant at which they stop counting, sorted by it. Confined to one thread.
 *
 * <p>Each instant has a cell of its own until there are too many. Then neighbours within one grain
 * are merged, the soonest first. A merged amount stops counting with the last of its parts: never
 * earlier than it would have, never a whole grain later, and never later than the newest amount
 * that was added. Sums are exact however large; a sum that no long can hold is shown as {@link
 * Long#MAX_VALUE}.
 */
final class Cells {
  /** How many of the cells that leave last are never merged for lack of room. */
  private static final int KEPT = 128;

  private long[] leaves;
  private long[] amounts;

  /** How many times 2^63 each cell holds besides its amount; null while no cell does. */
  private long @Nullable [] carries;

  private int size;
  private long sum;
  private long sumCarry;
  private long mergedUntil = Long.MIN_VALUE;

  Cells(int expected) {
    leaves = new long[Math.max(8, expected)];
    amounts = new long[Math.max(8, expected)];
  }

  int size() {
    return size;
  }

  /** The sum of all cells, at most {@link Long#MAX_VALUE}. */
  long sum() {
    return sumCarry > 0 ? Long.MAX_VALUE : sum;
  }

  long leaves(int index) {
    return leaves[index];
  }

  /** When the last cell leaves; {@link Long#MIN_VALUE} where there is none. */
  long lastLeaves() {
    return size == 0 ? Long.MIN_VALUE : leaves[size - 1];
  }

  /** The amount of one cell, at most {@link Long#MAX_VALUE}. */
  long amount(int index) {
    return carry(index) > 0 ? Long.MAX_VALUE : amounts[index];
  }

  /** The amount of one cell without its {@link #carry}. */
  long rest(int index) {
    return amounts[index];
  }

  /** How many times 2^63 one cell holds. */
  long carry(int index) {
    return carries == null ? 0 : carries[index];
  }

  /** True if some cell holds more than a long. */
  boolean carries() {
    for (int i = 0; i < size; i++) {
      if (carry(i) > 0) {
        return true;
      }
    }
    return false;
  }

  /** The instant up to which cells may hold amounts that should have left a little earlier. */
  long mergedUntil() {
    return mergedUntil;
  }

  /**
   * Notes that cells up to {@code instant} may hold amounts that should have left a little earlier.
   */
  void mergedUntil(long instant) {
    mergedUntil = Math.max(mergedUntil, instant);
  }

  /** True if some cell may hold an amount that should have left a little earlier. */
  boolean isMerged() {
    return size > 0 && leaves[0] <= mergedUntil;
  }

  /** Adds a cell that leaves after all others. */
  void append(long leave, long rest, long carry) {
    insert(size, leave);
    grow(size - 1, rest, carry);
    count(rest, carry);
  }

  /** Adds an amount. */
  void add(long leave, long amount, Crowding crowding) {
    add(leave, amount, 0, crowding);
  }

  /** Adds the cells of others that leave after {@code instant}. */
  void addAll(Cells others, long instant, Crowding crowding) {
    for (int i = 0; i < others.size; i++) {
      if (others.leaves[i] > instant) {
        add(others.leaves[i], others.amounts[i], others.carry(i), crowding);
      }
    }
    mergedUntil(others.mergedUntil);
  }

  private void add(long leave, long rest, long carry, Crowding crowding) {
    count(rest, carry);
    int at = size > 0 && leaves[size - 1] < leave ? -size - 1 : search(leave);
    if (at >= 0) {
      grow(at, rest, carry);
    } else if (crowding.always()) {
      grow(merge(-at - 1, leave, crowding.grain()), rest, carry);
    } else {
      insert(-at - 1, leave);
      grow(-at - 1, rest, carry);
      if (size > crowding.capacity()) {
        coarsen(crowding.grainWithin(leaves[0], leaves[size - 1]));
      }
    }
  }

  // at is where the cell would be inserted; returns where it belongs
  private int merge(int at, long leave, long grain) {
    long bucket = Math.floorDiv(leave, grain);
    if (at < size && Math.floorDiv(leaves[at], grain) == bucket) {
      mergedUntil(leaves[at]);
      return at;
    }
    if (at > 0 && Math.floorDiv(leaves[at - 1], grain) == bucket) {
      leaves[at - 1] = leave;
      mergedUntil(leave);
      return at - 1;
    }
    insert(at, leave);
    return at;
  }

  private void coarsen(long grain) {
    int end = size - KEPT;
    int written = 0;
    for (int read = 0; read < end; read++) {
      boolean near =
          written > 0
              && Math.floorDiv(leaves[read], grain) == Math.floorDiv(leaves[written - 1], grain);
      if (near) {
        grow(written - 1, amounts[read], carry(read));
        leaves[written - 1] = leaves[read];
        mergedUntil(leaves[read]);
      } else {
        move(read, written++, 1);
      }
    }
    move(end, written, KEPT);
    size = written + KEPT;
  }

  /** Takes back an amount that was added, from a later cell where it was merged into one. */
  void subtract(long leave, long amount) {
    long left = amount;
    int found = search(leave);
    int at = found >= 0 ? found : -found - 1;
    while (at < size && left > 0 && (leaves[at] == leave || leaves[at] <= mergedUntil)) {
      long taken = Math.min(left, amount(at));
      shrink(at, taken);
      uncount(taken, 0);
      left -= taken;
      at += dropIfEmpty(at) ? 0 : 1;
    }
  }

  private boolean dropIfEmpty(int at) {
    if (amounts[at] > 0 || carry(at) > 0) {
      return false;
    }
    move(at + 1, at, size - at - 1);
    size--;
    return true;
  }

  // the sum of two numbers of 63 bits has 64 bits, and the topmost is carried; the same holds for
  // differences
  private void grow(int at, long rest, long carry) {
    long total = amounts[at] + rest;
    amounts[at] = total & Long.MAX_VALUE;
    long more = carry + (total < 0 ? 1 : 0);
    if (more > 0) {
      if (carries == null) {
        carries = new long[amounts.length];
      }
      carries[at] += more;
    }
  }

  private void shrink(int at, long taken) {
    long left = amounts[at] - taken;
    amounts[at] = left & Long.MAX_VALUE;
    if (left < 0 && carries != null) {
      carries[at]--;
    }
  }

  private void count(long rest, long carry) {
    long total = sum + rest;
    sum = total & Long.MAX_VALUE;
    sumCarry += carry + (total < 0 ? 1 : 0);
  }

  private void uncount(long rest, long carry) {
    long left = sum - rest;
    sum = left & Long.MAX_VALUE;
    sumCarry -= carry + (left < 0 ? 1 : 0);
  }

  private int search(long leave) {
    return Arrays.binarySearch(leaves, 0, size, leave);
  }

  private void insert(int at, long leave) {
    if (size == leaves.length) {
      leaves = Arrays.copyOf(leaves, size * 2);
      amounts = Arrays.copyOf(amounts, size * 2);
      carries = carries == null ? null : Arrays.copyOf(carries, size * 2);
    }
    move(at, at + 1, size - at);
    leaves[at] = leave;
    amounts[at] = 0;
    if (carries != null) {
      carries[at] = 0;
    }
    size++;
  }

  private void move(int from, int to, int count) {
    System.arraycopy(leaves, from, leaves, to, count);
    System.arraycopy(amounts, from, amounts, to, count);
    if (carries != null) {
      System.arraycopy(carries, from, carries, to, count);
    }
  }

  /** Drops the cells that have left at {@code now}. */
  void advance(long now) {
    int gone = 0;
    while (gone < size && leaves[gone] <= now) {
      uncount(amounts[gone], carry(gone));
      gone++;
    }
    if (gone > 0) {
      move(gone, 0, size - gone);
      size -= gone;
    }
  }
}
