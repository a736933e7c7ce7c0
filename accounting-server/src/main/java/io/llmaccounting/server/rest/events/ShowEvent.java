package io.llmaccounting.server.rest.events;

import io.llmaccounting.json.UsageLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.UsageHistory;
import java.util.UUID;

/** Shows a call, with what became known of it later. */
public final class ShowEvent implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    UsageHistory found = find(asked);
    return Answer.line(to -> UsageLine.write(to, found));
  }

  /** The call of the id in the path. */
  public static UsageHistory find(Asked asked) {
    UUID id = asked.path().id("id");
    return asked
        .reach()
        .usage()
        .find(id)
        .orElseThrow(() -> new ProblemException(Problem.Code.NOT_FOUND, "there is no call " + id));
  }
}
