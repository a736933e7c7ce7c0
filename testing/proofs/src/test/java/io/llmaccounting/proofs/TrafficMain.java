package io.llmaccounting.proofs;

import com.sun.management.UnixOperatingSystemMXBean;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Mixed traffic at a steady rate until a line is read; then waits until all is booked. It prints
 * {@code T id} for a call that is acknowledged, {@code A user from to} for one that was let go
 * ahead, {@code H bytes files} for heap and open files from time to time, and at last {@code S}
 * with its longest wait in milliseconds, and how many calls were refused and how many failed.
 */
final class TrafficMain {
  static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int THREADS = 8;
  private static final long SAMPLE_NANOS = 2_000_000_000L;

  private final LlmAccounting accounting;
  private final long pauseNanos;
  private final AtomicLong longestWait = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean stopped;

  private TrafficMain(LlmAccounting accounting, int callsPerSecond) {
    this.accounting = accounting;
    this.pauseNanos = 1_000_000_000L * THREADS / callsPerSecond;
  }

  public static void main(String[] arguments) throws Exception {
    TrafficMain traffic =
        new TrafficMain(
            ProofStore.of(arguments).accounting().timeout(TIMEOUT).build(),
            Integer.parseInt(arguments[4]));
    System.out.println("ready");
    traffic.run();
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    Thread[] threads = new Thread[THREADS + 1];
    for (int i = 0; i < THREADS; i++) {
      threads[i] = new Thread(this::calls);
    }
    threads[THREADS] = new Thread(this::samples);
    for (Thread thread : threads) {
      thread.start();
    }
    int told = System.in.read();
    stopped = told != 0;
    for (Thread thread : threads) {
      thread.join();
    }
    Health health = Drained.wait(accounting);
    System.out.printf(
        "S %d %d %d %d %d%n",
        longestWait.get(),
        refused.get(),
        failed.get(),
        health.counts().spooled(),
        health.counts().replayed());
    accounting.close();
  }

  private void calls() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long next = System.nanoTime() + random.nextLong(pauseNanos);
    while (!stopped) {
      LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
      next = Math.max(next, System.nanoTime() - pauseNanos) + pauseNanos;
      try {
        int kind = random.nextInt(10);
        if (kind < 6) {
          track();
        } else {
          call(kind < 8 ? "open" : "closed");
        }
      } catch (QuotaExceededException e) {
        refused.incrementAndGet();
      } catch (BackendException e) {
        failed(e);
      }
    }
  }

  private void failed(BackendException failure) {
    if (isBlind(failure)) {
      refused.incrementAndGet();
    } else {
      failed.incrementAndGet();
      failure.printStackTrace();
    }
  }

  // a process that started in the outage knows no limits, and lets nothing through
  private static boolean isBlind(BackendException failure) {
    return String.valueOf(failure.getMessage()).contains("limits are unknown");
  }

  private void track() {
    long start = System.nanoTime();
    try {
      String id =
          accounting
              .track()
              .model("gpt-5-mini")
              .user("user-" + ThreadLocalRandom.current().nextInt(20))
              .project("soak")
              .inputTokens(100)
              .outputTokens(20)
              .cost(Cost.ofNanos(7))
              .record()
              .id()
              .toString();
      System.out.println("T " + id);
    } finally {
      waited(start);
    }
  }

  private void call(String user) {
    long from = InstantSource.system().millis();
    long start = System.nanoTime();
    LlmCall call;
    try {
      call =
          accounting.begin(
              CallRequest.to("gpt-5-mini").user(user).inputTokens(100).maxOutputTokens(20));
    } finally {
      waited(start);
    }
    System.out.println("A " + user + " " + from + " " + InstantSource.system().millis());
    start = System.nanoTime();
    try {
      call.succeeded(TokenUsage.of(90, 10), Cost.ofNanos(7));
      System.out.println("T " + call.id());
    } finally {
      waited(start);
    }
  }

  private void waited(long start) {
    longestWait.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
  }

  private void samples() {
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    while (!stopped) {
      System.gc();
      System.out.printf(
          "H %d %d%n",
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
          system.getOpenFileDescriptorCount());
      LockSupport.parkNanos(SAMPLE_NANOS);
    }
  }
}
