package io.llmaccounting.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Operations that leave their work to others, in bursts that these have room for: without pauses
 * everybody waits for the disk in the end, whatever is in between.
 *
 * @param threads that share each burst
 * @param seconds how long bursts go on; as long before that they warm up
 * @param size operations of a burst
 */
record Bursts(int threads, double seconds, int size) {
  /** What a thread saw of a burst. */
  private record Share(Latencies latencies, long nanos, long bytes) {}

  /** Does {@code work} in bursts, and {@code drain} after each, which is not measured. */
  Measured run(Runnable work, Runnable drain) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      return run(pool, work, drain);
    } finally {
      pool.shutdown();
    }
  }

  private Measured run(ExecutorService pool, Runnable work, Runnable drain) throws Exception {
    List<Callable<Share>> shares = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      shares.add(() -> share(work));
    }
    long half = System.nanoTime() + (long) (seconds * 1e9);
    long end = half + (long) (seconds * 1e9);
    Latencies latencies = new Latencies();
    long operations = 0;
    long nanos = 0;
    long bytes = 0;
    while (System.nanoTime() - end < 0 || operations == 0) {
      boolean counts = System.nanoTime() - half > 0;
      for (Future<Share> done : pool.invokeAll(shares)) {
        Share share = done.get();
        if (counts) {
          latencies.add(share.latencies());
          nanos += share.nanos();
          bytes += share.bytes();
          operations += size / threads;
        }
      }
      drain.run();
    }
    return new Measured(
        operations,
        nanos / 1e9 / threads,
        latencies.quantile(0.5),
        latencies.quantile(0.99),
        latencies.quantile(0.999),
        Double.NaN,
        (double) bytes / operations,
        Double.NaN,
        Double.NaN);
  }

  private Share share(Runnable work) {
    ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Latencies latencies = new Latencies();
    long allocated = beans.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    long before = start;
    for (int i = 0; i < size / threads; i++) {
      work.run();
      long after = System.nanoTime();
      latencies.add(after - before);
      before = after;
    }
    return new Share(latencies, before - start, beans.getCurrentThreadAllocatedBytes() - allocated);
  }
}
