package io.llmaccounting.sql;

import java.util.BitSet;

/**
 * The columns that some insert used lately, so that few different statements are prepared although
 * no two batches use the same columns. Safe for use by many threads.
 */
final class RecentColumns {
  /** After so many inserts, what was used before them and not since is forgotten. */
  static final int REMEMBERED = 1_000;

  private BitSet before = new BitSet();
  private BitSet lately = new BitSet();
  private int inserts;

  /** Returns {@code used} and what was used lately; nobody changes it. */
  synchronized BitSet with(BitSet used) {
    if (inserts++ == REMEMBERED) {
      before = lately;
      lately = new BitSet();
      inserts = 1;
    }
    lately.or(used);
    BitSet all = (BitSet) lately.clone();
    all.or(before);
    return all;
  }
}
