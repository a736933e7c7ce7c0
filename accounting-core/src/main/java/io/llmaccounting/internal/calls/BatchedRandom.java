package io.llmaccounting.internal.calls;

import java.nio.ByteBuffer;
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

  /** Hands out bits of {@code slow}. */
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
    private final ByteBuffer bits =
        ByteBuffer.allocate(LONGS * Long.BYTES).position(LONGS * Long.BYTES);

    long next(RandomGenerator slow) {
      lock.lock();
      try {
        if (!bits.hasRemaining()) {
          slow.nextBytes(bits.array());
          bits.rewind();
        }
        return bits.getLong();
      } finally {
        lock.unlock();
      }
    }
  }
}
