package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Says how a job stands. */
public final class ShowJob implements Workers.Blocking {
  private final Jobs jobs;

  /** Shows one of {@code jobs}. */
  public ShowJob(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Answer answer(Asked asked) {
    JobState job = jobs.find(asked.path().id("id")).state();
    return Answer.ok(to -> JobForm.write(to, job));
  }
}
