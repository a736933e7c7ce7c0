package io.llmaccounting.server.rest.limits;

import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.quota.Verdict;

/** Says how the counters of limits stand. */
public final class LimitStates implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    String name = asked.query().optionalText("limit");
    return Answer.ok(
        to -> {
          to.beginList("limits");
          for (LimitStatus status : asked.reach().limits().status()) {
            if (name == null || name.equals(status.limit().name())) {
              to.beginObject();
              Verdict.write(to, status);
              to.endObject();
            }
          }
          to.endList();
        });
  }
}
