package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.LimitLine;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Lists limits by name, each with the set that owns it. */
public final class ListLimits implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    return Answer.ok(
        to -> {
          to.beginList("limits");
          for (OwnedLimit limit : asked.reach().limits().list()) {
            LimitLine.write(to, limit);
          }
          to.endList();
        });
  }
}
