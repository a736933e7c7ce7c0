package io.llmaccounting.proofs;

import io.llmaccounting.testing.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Traffic in a process of its own, and what it has told. */
final class Traffic implements AutoCloseable {
  private static final long PATIENCE_NANOS = 180_000_000_000L;

  private final ChildProcess child;
  private final Thread reader;
  private final Set<UUID> acknowledged = new HashSet<>();
  private final List<Admission> admissions = new ArrayList<>();
  private final List<Sample> samples = new ArrayList<>();
  private boolean ready;
  private @Nullable Summary summary;

  /** A call that was let go ahead, in milliseconds since 1970. */
  record Admission(String user, long from, long to) {}

  /** Heap after a collection, and open files. */
  record Sample(long heapBytes, long files) {}

  /** What the process says at its end. */
  record Summary(long longestWaitMillis, long refused, long failed, long spooled, long replayed) {}

  private Traffic(ChildProcess child) {
    this.child = child;
    this.reader = new Thread(this::read);
    reader.start();
  }

  static Traffic start(ProofStore store, int callsPerSecond) throws IOException {
    return new Traffic(ChildProcess.of(TrafficMain.class, store.arguments(callsPerSecond)));
  }

  private void read() {
    try {
      for (String line = child.line(); line != null; line = child.line()) {
        told(line.split(" "));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void told(String[] words) {
    switch (words[0]) {
      case "ready" -> ready = true;
      case "T" -> acknowledged.add(UUID.fromString(words[1]));
      case "A" -> admissions.add(new Admission(words[1], number(words[2]), number(words[3])));
      case "H" -> samples.add(new Sample(number(words[1]), number(words[2])));
      case "S" ->
          summary =
              new Summary(
                  number(words[1]),
                  number(words[2]),
                  number(words[3]),
                  number(words[4]),
                  number(words[5]));
      default -> throw new IllegalStateException(String.join(" ", words));
    }
  }

  private static long number(String word) {
    return Long.parseLong(word);
  }

  synchronized boolean isReady() {
    return ready;
  }

  synchronized Set<UUID> acknowledged() {
    return new HashSet<>(acknowledged);
  }

  synchronized List<Admission> admissions() {
    return List.copyOf(admissions);
  }

  synchronized List<Sample> samples() {
    return List.copyOf(samples);
  }

  /** Waits until so many more calls are acknowledged. */
  void awaitMore(int calls) {
    int before = acknowledged().size();
    await("%d more calls".formatted(calls), () -> acknowledged().size() >= before + calls);
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain for " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Kills it; what it told until then is complete when this returns. */
  void kill() throws InterruptedException {
    child.kill();
    reader.join();
  }

  /** Ends the traffic, waits until all is booked and returns what the process says. */
  Summary stop() throws IOException, InterruptedException {
    child.go();
    reader.join();
    Summary said = summary;
    if (said == null) {
      throw new AssertionError("the process ended without its summary");
    }
    return said;
  }

  @Override
  public void close() {
    child.close();
  }
}
