package io.llmaccounting.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.bench.Comparison.Names;
import io.llmaccounting.bench.Comparison.Target;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.TimeRange;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The month's report by project and model, beside the same sums over the records. */
record ReportBenchmark(Archive archive) implements Benchmark.OnStore {
  private static final String SUMS =
      "SELECT project, model, count(*), sum(uncached_input + cache_read + cache_write_5m"
          + " + cache_write_1h + audio_input), sum(text_output + reasoning + audio_output),"
          + " sum(coalesce(given_cost, computed_cost)) FROM usage_event"
          + " WHERE occurred_at >= ? AND occurred_at < ? GROUP BY project, model";

  /** What both must agree on. */
  private record Line(long calls, long input, long output, long cost) {}

  @Override
  public Comparison run(Bench bench, Store store) throws Exception {
    Store.Place place = archive.of(bench, store);
    TimeRange month =
        new TimeRange(bench.monthStart(), bench.monthStart().plus(Duration.ofDays(31)));
    try (LlmAccounting accounting = LlmAccounting.create(place.open());
        PlainConnection connection = place.connect()) {
      Map<List<String>, Line> theirs = sums(connection, month);
      Map<List<String>, Line> ours = report(accounting, month);
      if (!ours.equals(theirs)) {
        throw new IllegalStateException("the report is not what the records add up to");
      }
      return Comparison.alternating(
          new Names(
              "month by project and model, %s".formatted(store.name()),
              "report",
              "the same sums over the records",
              "%,d records of 20 projects, 10 models, 5,000 users; %,d rows"
                  .formatted(bench.scale().archive(), ours.size())),
          Target.atMost(0.01),
          Math.min(3, bench.scale().rounds()),
          () -> repeated(50, () -> report(accounting, month)),
          () -> repeated(1, () -> sums(connection, month)));
    }
  }

  private static Map<List<String>, Line> report(LlmAccounting accounting, TimeRange month) {
    Map<List<String>, Line> lines = new HashMap<>();
    for (ReportRow row :
        accounting.report(month).by(Dimension.PROJECT, Dimension.MODEL).run().rows()) {
      lines.put(
          List.copyOf(row.values()),
          new Line(
              row.totals().calls(),
              row.totals().tokens().input(),
              row.totals().tokens().output(),
              row.totals().cost().nanos()));
    }
    return lines;
  }

  private static Map<List<String>, Line> sums(PlainConnection connection, TimeRange month)
      throws SQLException {
    Map<List<String>, Line> lines = new HashMap<>();
    PreparedStatement statement = connection.prepare(SUMS);
    statement.setLong(1, Calls.micros(month.from()));
    statement.setLong(2, Calls.micros(month.to()));
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        lines.put(
            List.of(rows.getString(1), rows.getString(2)),
            new Line(rows.getLong(3), rows.getLong(4), rows.getLong(5), rows.getLong(6)));
      }
    }
    return lines;
  }

  private interface Question {
    Object ask() throws Exception;
  }

  private static Measured repeated(int times, Question question) throws Exception {
    question.ask();
    Latencies latencies = new Latencies();
    long allocated = Load.allocated();
    long cpu = Load.cpu();
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      long before = System.nanoTime();
      question.ask();
      latencies.add(System.nanoTime() - before);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Measured(
        times,
        seconds,
        latencies.quantile(0.5),
        latencies.quantile(0.99),
        latencies.quantile(0.999),
        (double) (Load.cpu() - cpu) / times,
        (double) (Load.allocated() - allocated) / times,
        Double.NaN,
        Double.NaN);
  }
}
