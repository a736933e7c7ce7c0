package io.llmaccounting.internal.quota;

/**
 * Says when cells are merged, and how far apart merged cells may be.
 *
 * @param grain cells within one grain may be merged, microseconds; 0 where it follows from how far
 *     they are apart
 * @param capacity how many cells may stay apart; 0 where cells are merged as they come
 */
record Crowding(long grain, int capacity) {
  /** Cells are never merged, because there are few. */
  static final Crowding NEVER = new Crowding(1, Integer.MAX_VALUE);

  /** For held cells: holds may end at any instant within a week, however short the window is. */
  static final Crowding HELD = new Crowding(0, 256);

  private static final int PARTS = 120;

  /** True if cells are merged as they come. */
  boolean always() {
    return capacity == 0;
  }

  /**
   * The grain for cells from {@code first} to {@code last}. One that follows from them is a power
   * of two, so that what was merged by a finer one is not carried on from grain to grain.
   */
  long grainWithin(long first, long last) {
    return grain > 0 ? grain : 2 * Long.highestOneBit((last - first) / PARTS + 1);
  }
}
