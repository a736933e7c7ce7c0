package io.llmaccounting.sinks;

import io.llmaccounting.backend.SinkBackend;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.backend.UnknownSinkException;
import io.llmaccounting.backend.UsageBackend;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs sinks: passes on what was recorded, at least once, each sink on a thread of its own. Any
 * number of processes may run the same sinks on one store; one of them delivers at a time. Safe for
 * use by many threads.
 *
 * <p>Close it before the backend.
 */
public final class Sinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SinkBackend backend;
  private final List<Running> running;
  private final CountDownLatch stopping = new CountDownLatch(1);

  private Sinks(SinkBackend backend, List<Running> running) {
    this.backend = backend;
    this.running = running;
  }

  private record Running(SinkWorker worker, Thread thread) {}

  /** Gathers sinks before they are started. Confined to one thread. */
  public static final class Builder {
    private final SinkBackend backend;
    private final List<SinkWorker> workers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final SecureRandom random = new SecureRandom();

    private Builder(SinkBackend backend) {
      this.backend = backend;
    }

    /**
     * Adds a sink, which is closed with the rest.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    public Builder add(Sink sink, SinkSettings settings) {
      String name = SinkState.requireName(sink.name());
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "sinks must have different names, had two of \"" + name + "\"");
      }
      workers.add(new SinkWorker(backend, sink, settings, SinkClock.SYSTEM, random));
      return this;
    }

    /** Adds a sink with default settings. */
    public Builder add(Sink sink) {
      return add(sink, SinkSettings.defaults());
    }

    /**
     * Starts them. A sink that was never run is opened: from then on what is recorded waits for it.
     */
    public Sinks start() {
      List<Running> running = new ArrayList<>();
      Sinks sinks = new Sinks(backend, running);
      for (SinkWorker worker : workers) {
        Thread thread =
            new Thread(() -> sinks.run(worker), "llm-accounting-sink-" + worker.progress().name());
        thread.setDaemon(true);
        running.add(new Running(worker, thread));
      }
      running.forEach(one -> one.thread().start());
      return sinks;
    }
  }

  /**
   * Sinks of a backend.
   *
   * @throws UnsupportedOperationException if the backend keeps no outbox
   */
  public static Builder of(UsageBackend backend) {
    if (backend instanceof SinkBackend sinks) {
      return new Builder(sinks);
    }
    throw new UnsupportedOperationException(
        "the backend must be a SinkBackend to keep what sinks deliver, was "
            + backend.getClass().getName());
  }

  private void run(SinkWorker worker) {
    try {
      boolean stopped = false;
      while (!stopped) {
        Duration pause = worker.step();
        stopped = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("sink {} was interrupted to stop", worker.progress().name(), e);
    } catch (UnknownSinkException e) {
      LOG.warn("sink {} was removed from the store and ends", worker.progress().name());
    } catch (RuntimeException | Error e) {
      LOG.error("sink {} ends, because of what must not happen", worker.progress().name(), e);
      throw e;
    } finally {
      worker.close();
    }
  }

  /**
   * What this process has done for each sink, in the order in which they were added. Asks nobody.
   */
  public List<SinkProgress> progress() {
    return running.stream().map(one -> one.worker().progress()).toList();
  }

  /**
   * How all sinks of the store stand, also those that others run; asks the store.
   *
   * @throws io.llmaccounting.backend.BackendException if the store cannot be asked
   */
  public List<SinkState> states() {
    return backend.outbox().sinks();
  }

  /**
   * Stops: waits 10 seconds for what is being delivered, then interrupts it. What was not delivered
   * waits in the store. Closing again does nothing.
   */
  @Override
  public void close() {
    close(PATIENCE);
  }

  /** Stops as {@link #close()} does, with another patience. */
  public void close(Duration patience) {
    stopping.countDown();
    long end = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    for (Running one : running) {
      try {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
        one.thread().join(interrupted ? 1 : left);
        if (one.thread().isAlive()) {
          one.thread().interrupt();
          one.thread().join(TimeUnit.SECONDS.toMillis(1));
        }
      } catch (InterruptedException e) {
        interrupted = true;
        one.thread().interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
