package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Stops a job before its next step. */
public final class StopJob implements Workers.Blocking {
  private final Jobs jobs;

  /** Stops one of {@code jobs}. */
  public StopJob(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Answer answer(Asked asked) {
    Job job = jobs.find(asked.path().id("id"));
    job.stop();
    JobState state = job.state();
    return Answer.ok(to -> JobForm.write(to, state));
  }
}
