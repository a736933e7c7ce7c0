package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import java.util.List;

/** Lists the jobs of this instance, newest first. */
public final class ListJobs implements Workers.Blocking {
  private final Jobs jobs;

  /** Lists those of {@code jobs}. */
  public ListJobs(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Answer answer(Asked asked) {
    List<JobState> all = jobs.list();
    return Answer.ok(
        to -> {
          to.beginList("jobs");
          for (JobState job : all) {
            to.beginObject();
            JobForm.write(to, job);
            to.endObject();
          }
          to.endList();
        });
  }
}
