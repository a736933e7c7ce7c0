package io.llmaccounting.cli.bench;

import java.io.PrintWriter;

/** Prints comparisons for people. */
final class ResultTable {
  private final PrintWriter out;

  ResultTable(PrintWriter out) {
    this.out = out;
  }

  void print(Comparison row) {
    out.printf(
        "%-50s %8s %s (wanted %s)%s%n",
        row.name(),
        Comparison.number(row.value()),
        row.target().unit(),
        row.target(),
        row.met() ? "" : "  MISSED");
    print("ours", row.subject(), row.ours());
    print("baseline", row.baseline(), row.theirs());
    if (!row.note().isEmpty()) {
      out.printf("    %s%n", row.note());
    }
    out.flush();
  }

  private void print(String side, String what, Measured run) {
    if (Double.isNaN(run.seconds())) {
      return;
    }
    out.printf(
        "    %-8s %10s/s  p50 %s  p99 %s  p99.9 %s µs  cpu %s µs  %s B  %s trips  %s commits  %s%n",
        side,
        Comparison.number(run.perSecond()),
        micros(run.p50()),
        micros(run.p99()),
        micros(run.p999()),
        Comparison.number(run.cpu() / 1e3),
        Comparison.number(run.bytes()),
        Comparison.number(run.roundTrips()),
        Comparison.number(run.commits()),
        what);
  }

  private static String micros(long nanos) {
    return nanos == 0 ? "–" : Comparison.number(nanos / 1e3);
  }
}
