package io.llmaccounting.internal.calls;

import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Hands out the bits of a slow generator from stocks that are filled many at a time, so that an id
 * costs nanoseconds and stays as hard to guess. Safe for use by many threads, if the slow one is.
 */
public final class BatchedRandom implements RandomGenerator {
  private static final int STOCKS = 16;
  private static final int LONGS = 256;

  private final RandomGenerator slow;
  private final Stock[] stocks = new Stock[STOCKS];

  /** Bits of {@code slow}. */
  public BatchedRandom(RandomGenerator slow) {
    this.slow = slow;
    for (int i = 0; i < STOCKS; i++) {
      stocks[i] = new Stock();
    }
  }

  @Override
  public long nextLong() {
    return stocks[System.identityHashCode(Thread.currentThread()) & (STOCKS - 1)].next(slow);
  }

  /** Bits that nobody has had yet. */
  private static final class Stock {
    private final ReentrantLock lock = new ReentrantLock();
    private final long[] bits = new long[LONGS];
    private int left;

    long next(RandomGenerator slow) {
      lock.lock();
      try {
        if (left == 0) {
          fill(slow);
        }
        left--;
        return bits[left];
      } finally {
        lock.unlock();
      }
    }

    private void fill(RandomGenerator slow) {
      byte[] bytes = new byte[LONGS * Long.BYTES];
      slow.nextBytes(bytes);
      java.nio.ByteBuffer.wrap(bytes).asLongBuffer().get(bits);
      left = LONGS;
    }
  }
}
