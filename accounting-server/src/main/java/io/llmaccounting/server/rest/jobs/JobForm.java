package io.llmaccounting.server.rest.jobs;

import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.server.rest.http.Answer;
import java.io.IOException;

/** Jobs as objects. */
public final class JobForm {
  private JobForm() {}

  /** Says that a job was started, and where it can be asked after. */
  public static Answer started(JobState begun) {
    return Answer.json(202, to -> write(to, begun))
        .with("Location", "/v1/manage/jobs/" + begun.id());
  }

  static void write(JsonWriter to, JobState job) throws IOException {
    to.text("id", job.id())
        .text("kind", job.kind())
        .word("state", job.word())
        .time("started_at", job.startedAt())
        .time("ended_at", job.endedAt())
        .text("step", job.step());
    if (job.result() != null) {
      to.beginObject("result");
      job.result().fields().write(to);
      to.endObject();
    }
    if (job.problem() != null) {
      to.beginObject("problem");
      job.problem().write(to, null);
      to.endObject();
    }
  }
}
