package io.llmaccounting.server.rest.audit;

import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Says how far the audit log goes now, to be kept elsewhere. */
public final class ShowHead implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    AuditHead head = asked.reach().audit().head();
    return Answer.ok(to -> to.time("at", head.at()).text("head", head.text()));
  }
}
