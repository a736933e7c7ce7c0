package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.Problems;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Work under way, which can be stopped between its steps. Safe for use by many threads. */
public final class Job {
  private final AtomicReference<JobState> state;
  private boolean stopping;
  private @Nullable Thread interruptible;

  Job(JobState begun) {
    this.state = new AtomicReference<>(begun);
  }

  JobState state() {
    return Objects.requireNonNull(state.get());
  }

  /**
   * Says which step begins.
   *
   * @throws CancellationException if the job is to stop
   */
  public synchronized void step(String name) {
    requireGoingOn();
    state.set(state().step(name));
  }

  /**
   * Does work that ends soon after its thread was interrupted, and says itself whether it has
   * finished.
   *
   * @throws CancellationException if the job is to stop
   */
  public <T> T interruptibly(Supplier<T> work) {
    synchronized (this) {
      requireGoingOn();
      interruptible = Thread.currentThread();
    }
    try {
      return work.get();
    } finally {
      synchronized (this) {
        interruptible = null;
        boolean unused = Thread.interrupted();
      }
    }
  }

  private void requireGoingOn() {
    if (stopping) {
      throw new CancellationException("the job was stopped");
    }
  }

  synchronized void stop() {
    if (!state().hasEnded()) {
      stopping = true;
      state.set(state().word(JobState.Word.STOPPING));
      if (interruptible != null) {
        interruptible.interrupt();
      }
    }
  }

  void run(JobWork work, Supplier<Instant> clock) {
    JobState.Word word;
    JobResult result = null;
    Problem problem = null;
    try {
      result = work.run(this);
      word = result.finished() ? JobState.Word.DONE : JobState.Word.STOPPED;
    } catch (CancellationException e) {
      word = JobState.Word.STOPPED;
    } catch (Exception e) {
      word = JobState.Word.FAILED;
      problem = Problems.of(e, state().id().toString());
    }
    end(clock.get(), word, result, problem);
  }

  private synchronized void end(
      Instant at, JobState.Word word, @Nullable JobResult result, @Nullable Problem problem) {
    state.set(state().ended(at, word, result, problem));
  }
}
