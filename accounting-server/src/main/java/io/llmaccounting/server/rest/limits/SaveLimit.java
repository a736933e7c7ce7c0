package io.llmaccounting.server.rest.limits;

import io.llmaccounting.json.LimitSetDiffLine;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.reach.LimitReach;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes or changes a limit, if it still is as the caller knows it, or says what that would do. */
public final class SaveLimit implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    Limit wanted = LimitForm.read(asked);
    LimitReach reach = asked.reach().limits();
    AtomicReference<@Nullable String> owner = new AtomicReference<>();
    if (asked.query().flag("dry_run")) {
      Optional<OwnedLimit> present = reach.find(wanted.name());
      LimitForm.requireKnown(asked, present, false);
      return answer(200, new LimitChange(present.map(OwnedLimit::limit).orElse(null), wanted));
    }
    LimitChange change =
        reach
            .change(
                wanted.name(),
                present -> {
                  LimitForm.requireKnown(asked, present, true);
                  owner.set(present.map(OwnedLimit::set).orElse(null));
                  return Optional.of(wanted);
                })
            .orElseThrow();
    return answer(change.before() == null ? 201 : 200, change)
        .with("ETag", LimitForm.tag(new OwnedLimit(wanted, owner.get())).text());
  }

  private static Answer answer(int status, LimitChange change) {
    return Answer.json(status, to -> LimitSetDiffLine.writeFields(to, change));
  }
}
