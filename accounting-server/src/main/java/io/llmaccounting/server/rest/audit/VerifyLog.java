package io.llmaccounting.server.rest.audit;

import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;

/** Proves that the audit log is what was sealed. */
public final class VerifyLog implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    String head = asked.body().optionalText("head");
    AuditVerification found =
        asked.reach().audit().verify(head == null ? null : AuditHead.parse(head));
    return Answer.ok(
        to -> {
          to.flag("intact", found.isIntact())
              .number("streams", found.streams())
              .number("sealed", found.sealed())
              .number("keyless", found.keyless())
              .number("unsealed", found.unsealed())
              .number("erased", found.erased())
              .number("since_head", found.sinceHead())
              .number("retained", found.retained())
              .beginList("damages");
          for (AuditVerification.Damage damage : found.damages()) {
            to.beginObject()
                .text("stream", damage.stream())
                .number("sequence", damage.sequence())
                .text("entry", damage.entry())
                .word("kind", damage.kind())
                .text("message", damage.message())
                .endObject();
          }
          to.endList();
        });
  }
}
