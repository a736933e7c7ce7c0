package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.EventLine;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.server.rest.http.Workers;
import java.util.List;

/** Lists what was refused, minute by minute, newest first. */
public final class ListDenials implements Workers.Blocking {
  private static final int MOST = 10_000;

  @Override
  public Answer answer(Asked asked) {
    List<DenialCount> denials =
        asked.reach().limits().denials(UsageParameters.period(asked.query()));
    return Answer.ok(
        to -> {
          to.beginList("denials");
          for (DenialCount denial : denials.subList(0, Math.min(MOST, denials.size()))) {
            EventLine.write(to, denial);
          }
          to.endList().flagIfSet("cut", denials.size() > MOST);
        });
  }
}
