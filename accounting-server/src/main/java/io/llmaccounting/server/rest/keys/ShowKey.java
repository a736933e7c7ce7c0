package io.llmaccounting.server.rest.keys;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.EntityTag;
import io.llmaccounting.server.rest.http.Workers;

/** Shows a key, without its secret. */
public final class ShowKey implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    return shown(asked.reach().keys().find(asked.path().id("id")));
  }

  static Answer shown(AccessKey key) {
    return Answer.ok(to -> KeyForm.write(to, key)).with("ETag", tag(key.terms()).text());
  }

  static EntityTag tag(AccessTerms terms) {
    return EntityTag.of(
        to -> {
          to.beginObject();
          KeyForm.write(to, terms);
          to.endObject();
        });
  }
}
