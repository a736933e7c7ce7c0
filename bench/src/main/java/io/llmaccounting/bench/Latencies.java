package io.llmaccounting.bench;

/**
 * Durations in nanoseconds, to within 1.6 percent, up to a minute. Confined to one thread; joined
 * with others once their threads have ended.
 */
final class Latencies {
  private static final int SUB_BITS = 6;
  private static final int SUBS = 1 << SUB_BITS;
  private static final int MOST_BITS = 36;

  private final long[] counts = new long[(MOST_BITS - SUB_BITS + 2) * SUBS];
  private long total;

  void add(long nanos) {
    counts[slot(Math.max(0, Math.min(nanos, (1L << MOST_BITS) - 1)))]++;
    total++;
  }

  void add(Latencies other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /** The duration that this share of all did not exceed; 0 where there are none. */
  long quantile(double share) {
    long wanted = (long) Math.ceil(share * total);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && counts[i] > 0) {
        return highest(i);
      }
    }
    return 0;
  }

  private static int slot(long nanos) {
    if (nanos < SUBS) {
      return (int) nanos;
    }
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    return (shift + 1) * SUBS + (int) ((nanos >>> shift) - SUBS);
  }

  private static long highest(int slot) {
    if (slot < SUBS) {
      return slot;
    }
    int shift = slot / SUBS - 1;
    return (((long) (slot % SUBS) + SUBS + 1) << shift) - 1;
  }
}
