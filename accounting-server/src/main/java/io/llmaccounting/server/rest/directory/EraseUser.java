package io.llmaccounting.server.rest.directory;

import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.retention.Erasure;
import io.llmaccounting.retention.ErasureKind;
import io.llmaccounting.retention.ErasureReport;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.jobs.JobForm;
import io.llmaccounting.server.rest.jobs.JobResult;
import io.llmaccounting.server.rest.jobs.Jobs;
import java.io.IOException;
import java.util.Map;

/** Erases the data of a person, as a job, or says what that would change. */
public final class EraseUser implements Workers.Blocking {
  private final Jobs jobs;

  /** Erases by one of {@code jobs}. */
  public EraseUser(Jobs jobs) {
    this.jobs = jobs;
  }

  @Override
  public Answer answer(Asked asked) {
    Erasure erasure = asked.reach().admin().erase(asked.path().text("name"));
    if (asked.body().flag("texts")) {
      erasure.textsToo();
    }
    if (asked.body().flag("dry_run")) {
      ErasureReport report = erasure.preview();
      return Answer.ok(to -> write(to, report));
    }
    return JobForm.started(
        jobs.start(
            "erase",
            asked.reach()::now,
            job -> {
              ErasureReport done = job.interruptibly(erasure::run);
              return new JobResult(done.finished(), to -> write(to, done));
            }));
  }

  private static void write(JsonWriter to, ErasureReport report) throws IOException {
    to.text("pseudonym", report.pseudonym());
    to.beginObject("changed");
    for (Map.Entry<ErasureKind, Long> one : report.changed().entrySet()) {
      to.number(JsonWriter.word(one.getKey()), one.getValue());
    }
    to.endObject()
        .texts("left", report.left())
        .flag("finished", report.finished())
        .texts("obstacles", report.obstacles());
  }
}
