package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.LimitLine;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Shows a limit. */
public final class ShowLimit implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    String name = asked.path().text("name");
    OwnedLimit limit = asked.reach().limits().find(name).orElseThrow(() -> LimitForm.unknown(name));
    return Answer.line(to -> LimitLine.write(to, limit)).with("ETag", LimitForm.tag(limit).text());
  }
}
