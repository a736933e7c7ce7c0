package io.llmaccounting.server.rest.aggregates;

import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageReport;
import io.llmaccounting.usage.UsageTotals;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Adds usage up into a table with commas, for spreadsheets. */
public final class AggregatesSheet implements Workers.Blocking {
  private static final List<String> SUMS =
      List.of(
          "calls",
          "failed",
          "cancelled",
          "unfinished",
          "unpriced",
          "input_tokens",
          "cache_read_tokens",
          "cache_write_tokens",
          "output_tokens",
          "total_tokens",
          "cost");

  @Override
  public Answer answer(Asked asked) {
    UsageReport report = ReportReading.read(asked);
    List<Dimension> by = report.query().by();
    boolean cut = report.query().bucket() != null;
    StringBuilder text = new StringBuilder();
    List<String> titles = new ArrayList<>();
    by.forEach(dimension -> titles.add(CsvText.cell(dimension.toString())));
    if (cut) {
      titles.add("from");
      titles.add("to");
    }
    titles.addAll(SUMS);
    text.append(String.join(",", titles)).append("\r\n");
    report.rows().forEach(row -> text.append(line(row, by.size(), cut)).append("\r\n"));
    return new Answer(
        200,
        Map.of("Content-Type", "text/csv", "Content-Disposition", "attachment; filename=usage.csv"),
        Buffer.buffer(text.toString()));
  }

  private static String line(ReportRow row, int dimensions, boolean cut) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      cells.add(CsvText.cell(row.values().get(i)));
    }
    TimeRange bucket = row.bucket();
    if (cut && bucket != null) {
      cells.add(bucket.from().toString());
      cells.add(bucket.to().toString());
    }
    UsageTotals totals = row.totals();
    for (long sum :
        new long[] {
          totals.calls(),
          totals.failed(),
          totals.cancelled(),
          totals.unfinished(),
          totals.unpriced(),
          totals.tokens().input(),
          totals.tokens().cacheRead(),
          totals.tokens().cacheWrite(),
          totals.tokens().output(),
          totals.tokens().total()
        }) {
      cells.add(Long.toString(sum));
    }
    cells.add(totals.cost().toUsd().toPlainString());
    return String.join(",", cells);
  }
}
