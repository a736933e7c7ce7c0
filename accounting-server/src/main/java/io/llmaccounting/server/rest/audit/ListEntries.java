package io.llmaccounting.server.rest.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.json.AuditLine;
import io.llmaccounting.json.JsonFields;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.server.rest.http.Workers;
import java.util.List;
import java.util.UUID;

/** Lists entries of the audit log, newest first. */
public final class ListEntries implements Workers.Blocking {
  private static final int USUAL = 100;

  @Override
  public Answer answer(Asked asked) {
    JsonFields query = asked.query();
    Long limit = query.optionalNumber("limit");
    int most = limit == null ? USUAL : limit.intValue();
    String after = query.optionalText("after");
    List<AuditEntry> found =
        asked
            .reach()
            .audit()
            .find(
                new AuditQuery(
                    UsageParameters.period(query),
                    query.optionalText("type"),
                    query.optionalText("caller"),
                    query.optionalText("project"),
                    query.optionalText("user"),
                    query.optionalText("model"),
                    query.optionalText("session"),
                    null,
                    after == null ? null : UUID.fromString(after),
                    most));
    return Answer.ok(
        to -> {
          to.beginList("entries");
          for (AuditEntry entry : found) {
            AuditLine.write(to, new SealedEntry(entry, null));
          }
          to.endList();
          if (found.size() == most) {
            to.text("next", found.get(most - 1).id());
          }
        });
  }
}
