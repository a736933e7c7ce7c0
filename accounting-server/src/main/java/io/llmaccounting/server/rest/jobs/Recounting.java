package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.admin.Verification;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.reach.AdminReach;
import java.io.IOException;
import java.util.List;

/** Compares what is derived with the records, or makes it anew, as a job. */
public final class Recounting {
  private static final int MOST = 1_000;

  private final Jobs jobs;

  /** Starts jobs of {@code jobs}. */
  public Recounting(Jobs jobs) {
    this.jobs = jobs;
  }

  /** Starts comparing. */
  public Answer verify(Asked asked) {
    AdminReach admin = asked.reach().admin();
    return JobForm.started(
        jobs.start(
            "verify",
            asked.reach()::now,
            job -> {
              Verification found = admin.verify(step -> job.step(JsonWriter.word(step)));
              return new JobResult(true, to -> write(to, found));
            }));
  }

  /** Starts making it anew. */
  public Answer rebuild(Asked asked) {
    AdminReach admin = asked.reach().admin();
    return JobForm.started(
        jobs.start(
            "rebuild",
            asked.reach()::now,
            job -> {
              admin.rebuild(step -> job.step(JsonWriter.word(step)));
              return new JobResult(true, to -> {});
            }));
  }

  private static void write(JsonWriter to, Verification found) throws IOException {
    List<Difference> all = found.differences();
    to.flag("clean", found.isClean()).number("count", all.size()).beginList("differences");
    for (Difference one : all.subList(0, Math.min(MOST, all.size()))) {
      to.beginObject()
          .text("what", one.what())
          .text("stored", one.stored())
          .text("expected", one.expected())
          .endObject();
    }
    to.endList();
  }
}
