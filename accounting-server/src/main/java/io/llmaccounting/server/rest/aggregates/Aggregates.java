package io.llmaccounting.server.rest.aggregates;

import io.llmaccounting.json.ReportLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.UsageReport;

/** Adds usage up, as reports do. */
public final class Aggregates implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    UsageReport report = ReportReading.read(asked);
    return Answer.line(to -> ReportLine.write(to, report));
  }
}
