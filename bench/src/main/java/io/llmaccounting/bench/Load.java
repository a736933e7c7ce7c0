package io.llmaccounting.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many threads that do the same over and over, each with one operation in flight.
 *
 * @param threads how many
 * @param seconds for how long
 * @param probe counts what the database is asked
 */
record Load(int threads, double seconds, Probe probe) {
  /** One operation. */
  @FunctionalInterface
  interface Work {
    /** Does it; {@code thread} counts from 0, {@code number} counts the thread's operations. */
    void run(int thread, long number) throws Exception;
  }

  /** Does {@code work} for a third of the time to warm up, then for all of it. */
  Measured run(Work work) throws Exception {
    new Load(threads, seconds / 3, Probe.NONE).measure(work);
    return measure(work);
  }

  /** Does {@code work} for all of the time, from the first operation on. */
  Measured measure(Work work) throws Exception {
    Gates gates =
        new Gates(new CountDownLatch(threads), new CountDownLatch(1), new CountDownLatch(1));
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Worker> workers = started(work, gates, failure);
    gates.ready.await();
    double trips = probe.roundTrips();
    double commits = probe.commits();
    long allocated = allocated();
    long cpu = cpu();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    workers.forEach(worker -> worker.end = end);
    gates.go.countDown();
    Latencies latencies = new Latencies();
    for (Worker worker : workers) {
      worker.done.await();
      latencies.add(worker.latencies);
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    long operations = workers.stream().mapToLong(worker -> worker.operations).sum();
    Measured measured =
        new Measured(
            operations,
            elapsed,
            latencies.quantile(0.5),
            latencies.quantile(0.99),
            latencies.quantile(0.999),
            (double) (cpu() - cpu) / operations,
            (double) (allocated() - allocated) / operations,
            (probe.roundTrips() - trips) / operations,
            (probe.commits() - commits) / operations);
    leave(gates, workers, failure);
    return measured;
  }

  private List<Worker> started(
      Work work, Gates gates, AtomicReference<@Nullable Throwable> failure) {
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Worker worker = new Worker(i, work, gates, failure);
      worker.start();
      workers.add(worker);
    }
    return workers;
  }

  private static void leave(
      Gates gates, List<Worker> workers, AtomicReference<@Nullable Throwable> failure)
      throws InterruptedException {
    gates.leave.countDown();
    for (Worker worker : workers) {
      worker.join();
    }
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("a thread of the load failed", cause);
    }
  }

  /** Processor time of the whole process so far, nanoseconds. */
  static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** By all threads that live. The threads of a load live until it was read. */
  static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private record Gates(CountDownLatch ready, CountDownLatch go, CountDownLatch leave) {}

  private static final class Worker extends Thread {
    final Latencies latencies = new Latencies();
    final CountDownLatch done = new CountDownLatch(1);
    private final int index;
    private final Work work;
    private final Gates gates;
    private final AtomicReference<@Nullable Throwable> failure;
    long operations;
    volatile long end;

    Worker(int index, Work work, Gates gates, AtomicReference<@Nullable Throwable> failure) {
      super("load-" + index);
      this.index = index;
      this.work = work;
      this.gates = gates;
      this.failure = failure;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        gates.ready.countDown();
        gates.go.await();
        long before = System.nanoTime();
        while (before < end && failure.get() == null) {
          work.run(index, operations);
          long after = System.nanoTime();
          latencies.add(after - before);
          before = after;
          operations++;
        }
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      } finally {
        done.countDown();
      }
      awaitLeave();
    }

    private void awaitLeave() {
      try {
        gates.leave.await();
      } catch (InterruptedException e) {
        interrupt();
      }
    }
  }
}
