package io.llmaccounting.server.rest.keys;

import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.EntityTag;
import io.llmaccounting.server.rest.http.Workers;

/** Changes the terms of a key, if they still are as the caller knows them. */
public final class ChangeKey implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    String expected = EntityTag.required(asked);
    AccessTerms wanted = KeyForm.read(asked.body());
    return ShowKey.shown(
        asked
            .reach()
            .keys()
            .change(
                asked.path().id("id"),
                wanted,
                present -> ShowKey.tag(present).requireIn(expected)));
  }
}
