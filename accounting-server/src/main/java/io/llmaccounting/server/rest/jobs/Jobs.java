package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The jobs of this instance, one at a time, and how the last of them ended. Other instances neither
 * know them nor wait for them: the store keeps what several do at once apart. Safe for use by many
 * threads.
 */
public final class Jobs {
  private static final int KEPT = 100;
  private static final long LONGEST_HOURS = 24;

  private final WorkerExecutor thread;
  private final Deque<Job> newestFirst = new ArrayDeque<>();

  /** No jobs yet. */
  public Jobs(Vertx vertx) {
    this.thread =
        vertx.createSharedWorkerExecutor(
            "llm-accounting-rest-jobs", 1, LONGEST_HOURS, TimeUnit.HOURS);
  }

  /**
   * Starts a job.
   *
   * @param clock says when it begins and ends
   * @throws ProblemException if one is under way
   */
  public JobState start(String kind, Supplier<Instant> clock, JobWork work) {
    JobState begun = JobState.begun(UUID.randomUUID(), kind, clock.get());
    Job job = add(begun);
    Future<Boolean> unused =
        thread.executeBlocking(
            () -> {
              job.run(work, clock);
              return true;
            },
            false);
    return begun;
  }

  private synchronized Job add(JobState begun) {
    Job last = newestFirst.peekFirst();
    if (last != null && !last.state().hasEnded()) {
      throw new ProblemException(
          Problem.Code.CONFLICT,
          "job %s (%s) is under way here; wait for its end or stop it"
              .formatted(last.state().id(), last.state().kind()));
    }
    Job job = new Job(begun);
    newestFirst.addFirst(job);
    while (newestFirst.size() > KEPT) {
      newestFirst.removeLast();
    }
    return job;
  }

  /** How the jobs stand, newest first. */
  synchronized List<JobState> list() {
    return newestFirst.stream().map(Job::state).toList();
  }

  /**
   * The job of this id.
   *
   * @throws ProblemException if this instance knows none
   */
  synchronized Job find(UUID id) {
    return newestFirst.stream()
        .filter(job -> job.state().id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.Code.NOT_FOUND,
                    "this instance has no job %s; a job is known to the instance that was asked to start it"
                        .formatted(id)));
  }
}
