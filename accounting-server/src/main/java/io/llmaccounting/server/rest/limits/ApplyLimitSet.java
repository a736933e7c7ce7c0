package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.LimitSetDiffLine;
import io.llmaccounting.json.limits.LimitFileException;
import io.llmaccounting.json.limits.LimitSetJson;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.reach.LimitReach;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Makes the limits of a set what the request says, or only says what that would change. */
public final class ApplyLimitSet implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) throws IOException {
    LimitSet set = read(asked);
    LimitReach reach = asked.reach().limits();
    LimitSetDiff diff =
        reach.apply(
            set,
            asked.query().flag("dry_run"),
            asked.query().flag("take_over"),
            present -> requireKnown(asked, present));
    return Answer.line(to -> LimitSetDiffLine.write(to, diff));
  }

  private static void requireKnown(Asked asked, LimitSet present) {
    if (asked.ifMatch() != null) {
      ShowLimitSet.tag(present).requireIn(asked.ifMatch());
    }
  }

  private static LimitSet read(Asked asked) throws IOException {
    String name = asked.path().text("name");
    try {
      LimitSet set = LimitSetJson.read(new ByteArrayInputStream(asked.bytes().getBytes()));
      if (!set.name().equals(name)) {
        throw ProblemException.invalid("/set", "be \"" + name + "\", as in the path", set.name());
      }
      return set;
    } catch (LimitFileException e) {
      throw new ProblemException(Problem.Code.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
