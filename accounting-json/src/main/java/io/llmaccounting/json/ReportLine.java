package io.llmaccounting.json;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageReport;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A report with the question that it answers, as a line. */
public final class ReportLine {
  private static final String KIND = "report";

  private ReportLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, UsageReport report) throws IOException {
    ReportQuery query = report.query();
    to.begin(KIND)
        .time("from", query.period().from())
        .time("to", query.period().to())
        .map("where", MatchFields.texts(query.filter().matches()))
        .flag("priced", query.filter().priced());
    to.texts("by", query.by().stream().map(Dimension::toString).toList())
        .word("bucket", query.bucket())
        .text("zone", query.zone().getId())
        .flagIfSet("distribution", query.distribution())
        .time("complete_from", report.completeFrom());
    to.beginList("rows");
    for (ReportRow row : report.rows()) {
      to.beginObject();
      write(to, row, query.by());
      to.endObject();
    }
    to.endList().beginObject("total");
    TotalsFields.write(to, report.total());
    to.endObject().end();
  }

  private static void write(JsonWriter to, ReportRow row, List<Dimension> by) throws IOException {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < by.size(); i++) {
      String value = row.values().get(i);
      if (value != null) {
        values.put(by.get(i).toString(), value);
      }
    }
    TimeRange bucket = row.bucket();
    to.map("values", values)
        .time("from", bucket == null ? null : bucket.from())
        .time("to", bucket == null ? null : bucket.to());
    to.beginObject("totals");
    TotalsFields.write(to, row.totals());
    to.endObject();
    DistributionFields.write(to, row.distribution());
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static UsageReport read(JsonFields line) {
    line.requireKind(KIND);
    Instant from = line.instant("from");
    Instant to = line.instant("to");
    List<Dimension> by =
        line.textList("by").stream().map(text -> MatchFields.dimension("by", text)).toList();
    ReportQuery query =
        new ReportQuery(
            new TimeRange(from, to),
            new UsageFilter(
                MatchFields.read("where", line.texts("where")), line.optionalFlag("priced")),
            by,
            line.optionalWord("bucket", TimeBucket.class),
            line.parsed("zone", ZoneId::of),
            line.flag("distribution"));
    List<ReportRow> rows = line.objects("rows").stream().map(row -> row(row, by)).toList();
    UsageReport report =
        new UsageReport(
            query, rows, TotalsFields.read(line.object("total")), line.instant("complete_from"));
    line.requireNoOthers();
    return report;
  }

  private static ReportRow row(JsonFields fields, List<Dimension> by) {
    Map<String, String> texts = new TreeMap<>(fields.texts("values"));
    List<@Nullable String> values = new ArrayList<>();
    for (Dimension dimension : by) {
      values.add(texts.remove(dimension.toString()));
    }
    requireNone(texts.keySet(), by);
    ReportRow row =
        new ReportRow(
            values,
            DecisionLine.range(fields),
            TotalsFields.read(fields.object("totals")),
            DistributionFields.read(fields.optionalObject("distribution")));
    fields.requireNoOthers();
    return row;
  }

  private static void requireNone(Collection<String> others, List<Dimension> by) {
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "values must be of the dimensions %s, had %s".formatted(by, others));
    }
  }
}
