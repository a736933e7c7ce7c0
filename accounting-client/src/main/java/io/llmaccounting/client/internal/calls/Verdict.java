package io.llmaccounting.client.internal.calls;

import io.llmaccounting.json.DecisionLine;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the server decides. */
final class Verdict {
  /** Stands for a limit that the key of a project is not shown. */
  private static final Limit HIDDEN =
      Limit.named("beyond the project of the key").requests(0).lifetime();

  private Verdict() {}

  /** The decision in a verdict; where it shows no limit, one stands for it. */
  static Decision read(JsonFields verdict, Instant now) {
    boolean allowed = verdict.requiredFlag("allowed");
    JsonFields decision = verdict.optionalObject("decision");
    if (decision != null) {
      Decision read = DecisionLine.read(decision);
      if (read.isAdmitted() == allowed) {
        return read;
      }
    }
    return allowed ? new Decision.Admitted(List.of(), List.of()) : hidden(verdict, now);
  }

  private static Decision hidden(JsonFields verdict, Instant now) {
    Exceeded.Reason reason = verdict.optionalWord("reason", Exceeded.Reason.class);
    @Nullable Instant fits = verdict.optionalInstant("fits_at");
    LimitStatus status = new LimitStatus(HIDDEN, "", now, 0, 0, null, Duration.ZERO);
    return new Decision.Denied(
        List.of(new Exceeded(status, 1, reason == null ? Exceeded.Reason.SPENT : reason, fits)),
        now);
  }
}
