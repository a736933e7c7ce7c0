package io.llmaccounting.server.load;

/** Counts times by how long they are, to a hundredth of each. Confined to one thread. */
final class Latencies {
  // below twice so many microseconds each has a place of its own
  private static final int FINE = 128;
  private static final int FINE_BITS = 7;
  private static final int MOST_SHIFT = 30;

  private final long[] counts = new long[(MOST_SHIFT + 2) * FINE];
  private long count;

  void add(long nanos) {
    long micros = Math.min(Math.max(0, nanos / 1_000), (1L << (MOST_SHIFT + FINE_BITS)) - 1);
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(micros) - FINE_BITS - 1);
    counts[shift * FINE + (int) (micros >>> shift)]++;
    count++;
  }

  long count() {
    return count;
  }

  /** The time, in milliseconds, that this share of all did not exceed; 0 of none. */
  double percentile(double percent) {
    long wanted = Math.max(1, (long) Math.ceil(count * percent / 100));
    long seen = 0;
    for (int place = 0; place < counts.length; place++) {
      seen += counts[place];
      if (seen >= wanted && count > 0) {
        int shift = Math.max(0, place / FINE - 1);
        return ((long) (place - shift * FINE) << shift) / 1e3;
      }
    }
    return 0;
  }
}
