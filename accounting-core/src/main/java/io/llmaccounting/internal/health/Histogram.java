package io.llmaccounting.internal.health;

import io.llmaccounting.health.Health;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts figures of 0 and more in buckets, eight for each power of two, so that any figure is known
 * within an eighth. Fixed in size. Safe for use by many threads.
 */
final class Histogram {
  private static final int BITS = 3;
  private static final int SIZE = 64 << BITS;

  private final AtomicLongArray buckets = new AtomicLongArray(SIZE);
  private final LongAdder sum = new LongAdder();
  private final AtomicLong count = new AtomicLong();
  private final LongAccumulator largest = new LongAccumulator(Math::max, 0);

  void add(long value) {
    buckets.incrementAndGet(bucketOf(value));
    sum.add(value);
    count.incrementAndGet();
    largest.accumulate(value);
  }

  // below 8 exactly; above, the exponent and the three bits after the leading one
  private static int bucketOf(long value) {
    int exponent = 63 - Long.numberOfLeadingZeros(value | 1);
    if (exponent < BITS) {
      return (int) value;
    }
    int fraction = (int) (value >>> (exponent - BITS)) & ((1 << BITS) - 1);
    return ((exponent - BITS + 1) << BITS) + fraction;
  }

  private static long upperBoundOf(int bucket) {
    if (bucket < 1 << BITS) {
      return bucket;
    }
    int shift = (bucket >> BITS) - 1;
    long fraction = (bucket & ((1 << BITS) - 1)) | (1L << BITS);
    return ((fraction + 1) << shift) - 1;
  }

  /** Says how the figures are spread. */
  Health.Spread spread() {
    long total = count.get();
    long most = largest.get();
    return new Health.Spread(
        total,
        sum.sum(),
        Math.min(most, at(total, 50)),
        Math.min(most, at(total, 95)),
        Math.min(most, at(total, 99)),
        most);
  }

  private long at(long total, int percent) {
    long rank = (total * percent + 99) / 100;
    long seen = 0;
    for (int bucket = 0; bucket < SIZE && rank > 0; bucket++) {
      seen += buckets.get(bucket);
      if (seen >= rank) {
        return upperBoundOf(bucket);
      }
    }
    return 0;
  }
}
