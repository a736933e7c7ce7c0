package io.llmaccounting.server.rest.keys;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Revokes a key for good. */
public final class RevokeKey implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    asked.reach().keys().revoke(asked.path().id("id"));
    return Answer.done();
  }
}
