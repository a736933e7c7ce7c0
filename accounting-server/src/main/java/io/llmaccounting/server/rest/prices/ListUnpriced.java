package io.llmaccounting.server.rest.prices;

import io.llmaccounting.json.ReportLine;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.UsageParameters;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.UsageReport;

/** Adds up the calls whose cost is unknown, by model and provider. */
public final class ListUnpriced implements Workers.Blocking {
  @Override
  public Answer answer(Asked asked) {
    UsageReport report =
        asked
            .reach()
            .usage()
            .report(
                UsageParameters.period(asked.query()),
                UsageParameters.filter(asked.query()).unpriced())
            .by(Dimension.MODEL, Dimension.PROVIDER)
            .run();
    return Answer.line(to -> ReportLine.write(to, report));
  }
}
