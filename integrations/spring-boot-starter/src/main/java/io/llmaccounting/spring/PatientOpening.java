package io.llmaccounting.spring;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.backend.UsageBackend;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a database on a thread of its own, and does not wait for it once it is known to be away: a
 * pool would let the application wait for half a minute before it starts. The thread goes on, and
 * what it opens is there when this is asked again.
 */
final class PatientOpening implements BackendOpener, AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(5);

  private final BackendOpener opener;
  private final Reach reach;
  private final Duration silence;

  private volatile @Nullable FutureTask<UsageBackend> opening;
  private long since;
  private volatile boolean closed;

  PatientOpening(BackendOpener opener, Reach reach) {
    this(opener, reach, SILENCE);
  }

  /**
   * An opening.
   *
   * @param silence how long a database is waited for that neither refuses nor answers
   */
  PatientOpening(BackendOpener opener, Reach reach, Duration silence) {
    this.opener = opener;
    this.reach = reach;
    this.silence = silence;
  }

  @Override
  public synchronized UsageBackend open() {
    FutureTask<UsageBackend> task = opening == null ? begin() : opening;
    try {
      while (true) {
        if (task.isDone()) {
          opening = null;
          return task.get();
        }
        giveUpIfAway();
        wait(task);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException(Kind.UNAVAILABLE, "opening the store was interrupted", e);
    } catch (ExecutionException e) {
      throw thrown(e.getCause() == null ? e : e.getCause());
    }
  }

  private FutureTask<UsageBackend> begin() {
    FutureTask<UsageBackend> task = new FutureTask<>(this::opened);
    Thread thread = new Thread(task, "llm-accounting-open");
    thread.setDaemon(true);
    since = System.nanoTime();
    reach.forget();
    opening = task;
    thread.start();
    return task;
  }

  private UsageBackend opened() {
    UsageBackend backend = opener.open();
    if (closed) {
      backend.close();
    }
    return backend;
  }

  private void giveUpIfAway() {
    Throwable refusal = reach.refusal();
    if (refusal != null) {
      throw new BackendException(
          Kind.UNREACHABLE,
          "the DataSource has no connection; it is tried again: " + refusal.getMessage(),
          refusal);
    }
    Duration waited = Duration.ofNanos(System.nanoTime() - since);
    if (waited.compareTo(reach.isReached() ? MOST : silence) > 0) {
      throw new BackendException(
          Kind.UNREACHABLE,
          "the DataSource has not answered within %d s; it is tried again"
              .formatted(waited.toSeconds()));
    }
  }

  private static void wait(FutureTask<UsageBackend> task)
      throws InterruptedException, ExecutionException {
    try {
      task.get(LOOK.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // looks again
    }
  }

  private static RuntimeException thrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }

  /** Closes what is or will be opened, unless it was returned. */
  @Override
  public void close() {
    closed = true;
    FutureTask<UsageBackend> task = opening;
    if (task == null || !task.isDone()) {
      return; // or its thread sees that this is closed
    }
    try {
      task.get().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      // there is nothing to close
    }
  }
}
