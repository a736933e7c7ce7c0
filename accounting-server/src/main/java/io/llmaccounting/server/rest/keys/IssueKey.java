package io.llmaccounting.server.rest.keys;

import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Makes a key, whose secret is shown once. */
public final class IssueKey implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    return shown(201, asked.reach().keys().issue(KeyForm.read(asked.body())));
  }

  static Answer shown(int status, IssuedKey issued) {
    return Answer.json(
        status,
        to -> {
          to.beginObject("key");
          KeyForm.write(to, issued.key());
          to.endObject().text("secret", issued.secret());
        });
  }
}
