package io.llmaccounting.internal.quota;

import java.util.Arrays;

/**
 * Amounts held for calls under way, by the instant at which they leave the window and the instant
 * at which their hold expires; they stop counting at the earlier one. Confined to one thread.
 */
final class HeldCells {
  private long[] leaves = new long[4];
  private long[] expiries = new long[4];
  private long[] amounts = new long[4];
  private int size;
  private long sum;

  int size() {
    return size;
  }

  long sum() {
    return sum;
  }

  long leaves(int index) {
    return leaves[index];
  }

  long expires(int index) {
    return expiries[index];
  }

  long amount(int index) {
    return amounts[index];
  }

  /** The instant from which on the cell no longer counts. */
  long ends(int index) {
    return Math.min(leaves[index], expiries[index]);
  }

  void add(long leave, long expiry, long amount) {
    sum = Cells.added(sum, amount);
    int at = find(leave, expiry);
    if (at >= 0) {
      amounts[at] += amount;
      return;
    }
    if (size == leaves.length) {
      leaves = Arrays.copyOf(leaves, size * 2);
      expiries = Arrays.copyOf(expiries, size * 2);
      amounts = Arrays.copyOf(amounts, size * 2);
    }
    leaves[size] = leave;
    expiries[size] = expiry;
    amounts[size++] = amount;
  }

  /** Takes back what was added; nothing where it has stopped counting already. */
  void remove(long leave, long expiry, long amount) {
    int at = find(leave, expiry);
    if (at < 0) {
      return;
    }
    long taken = Math.min(amount, amounts[at]);
    amounts[at] -= taken;
    sum -= taken;
    if (amounts[at] == 0) {
      removeAt(at);
    }
  }

  void advance(long now) {
    for (int i = size - 1; i >= 0; i--) {
      if (ends(i) <= now) {
        sum -= amounts[i];
        removeAt(i);
      }
    }
  }

  private int find(long leave, long expiry) {
    for (int i = size - 1; i >= 0; i--) {
      if (leaves[i] == leave && expiries[i] == expiry) {
        return i;
      }
    }
    return -1;
  }

  private void removeAt(int at) {
    size--;
    System.arraycopy(leaves, at + 1, leaves, at, size - at);
    System.arraycopy(expiries, at + 1, expiries, at, size - at);
    System.arraycopy(amounts, at + 1, amounts, at, size - at);
  }
}
