package io.llmaccounting.server.rest.keys;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import java.time.Duration;

/** Gives a key another secret, which is shown once. */
public final class RotateKey implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    Long grace = asked.body().optionalNumber("grace");
    return IssueKey.shown(
        200,
        asked
            .reach()
            .keys()
            .rotate(asked.path().id("id"), Duration.ofSeconds(grace == null ? 0 : grace)));
  }
}
