package io.llmaccounting.server.rest.limits;

import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import java.util.Optional;

/** Removes a limit, if it still is as the caller knows it. */
public final class DeleteLimit implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    String name = asked.path().text("name");
    Optional<LimitChange> unused =
        asked
            .reach()
            .limits()
            .change(
                name,
                present -> {
                  if (present.isEmpty()) {
                    throw LimitForm.unknown(name);
                  }
                  LimitForm.requireKnown(asked, present, true);
                  return Optional.empty();
                });
    return Answer.done();
  }
}
