package io.llmaccounting.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report as lines of aligned text. Pure. */
final class ReportTable {
  private static final String GAP = "  ";
  private static final String UNKNOWN = "-";
  private static final String AT_LEAST = ">=";
  private static final List<String> FIGURES = List.of("calls", "input", "cached", "output");

  private final UsageReport report;
  private final List<List<String>> lines = new ArrayList<>();
  private final int labels;

  private ReportTable(UsageReport report) {
    this.report = report;
    this.labels = Math.max(1, report.query().by().size() + (isBucketed() ? 1 : 0));
  }

  static String of(UsageReport report) {
    ReportTable table = new ReportTable(report);
    table.fill();
    return table.text();
  }

  private boolean isBucketed() {
    return report.query().bucket() != null;
  }

  private void fill() {
    List<String> head = new ArrayList<>();
    if (isBucketed()) {
      head.add("from");
    }
    report.query().by().forEach(dimension -> head.add(readable(dimension.toString())));
    line(head, FIGURES, "cost");
    for (ReportRow row : report.rows()) {
      List<String> values = new ArrayList<>();
      if (row.bucket() != null) {
        values.add(row.bucket().from().atZone(report.query().zone()).toOffsetDateTime().toString());
      }
      row.values().forEach(value -> values.add(readable(value)));
      if (!values.isEmpty()) {
        line(values, figures(row.totals()), cost(row.totals()));
      }
    }
    line(List.of("total"), figures(report.total()), cost(report.total()));
  }

  private void line(List<String> first, List<String> figures, String cost) {
    List<String> line = new ArrayList<>(first);
    while (line.size() < labels) {
      line.add("");
    }
    line.addAll(figures);
    line.add(cost);
    lines.add(line);
  }

  private static List<String> figures(UsageTotals totals) {
    return List.of(
        grouped(totals.calls()),
        known(totals, totals.tokens().input()),
        known(totals, totals.tokens().cacheRead()),
        known(totals, totals.tokens().output()));
  }

  // tokens that nobody knows are not 0, and a sum that lacks some is the least that it can be
  private static String known(UsageTotals totals, long tokens) {
    if (totals.missing() == 0 && totals.partial() == 0) {
      return grouped(tokens);
    }
    return totals.callsWithTokens() == 0 ? UNKNOWN : AT_LEAST + grouped(tokens);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  // a cost that nobody knows is said to be unknown; it is not $0.00
  private static String cost(UsageTotals totals) {
    String known = (totals.lowerBound() == 0 ? "" : AT_LEAST) + totals.cost();
    if (totals.unpriced() == 0) {
      return known;
    }
    return totals.pricedCalls() == 0
        ? "unknown (%d unpriced)".formatted(totals.unpriced())
        : "%s + %d unpriced".formatted(known, totals.unpriced());
  }

  // names come from outside: none of them breaks a line or moves the cursor
  private static String readable(@Nullable String value) {
    return value == null ? "(none)" : value.replaceAll("\\p{Cntrl}", "?");
  }

  private String text() {
    int[] widths = new int[labels + FIGURES.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(line.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        String blanks = " ".repeat(widths[i] - length(line.get(i)));
        text.append(i < labels ? line.get(i) + blanks : blanks + line.get(i)).append(GAP);
      }
      text.append(line.get(widths.length)).append('\n');
    }
    return text.append(legend()).toString();
  }

  private String legend() {
    UsageTotals total = report.total();
    List<String> words = new ArrayList<>();
    if (total.missing() > 0) {
      words.add(
          calls(total.missing())
              + " with unknown tokens (%s all, %s some)".formatted(UNKNOWN, AT_LEAST));
    }
    if (total.partial() > 0) {
      words.add(calls(total.partial()) + " cut off (%s)".formatted(AT_LEAST));
    }
    if (total.lowerBound() > 0) {
      words.add(
          calls(total.lowerBound()) + " with a part without a price (%s)".formatted(AT_LEAST));
    }
    return words.isEmpty() ? "" : String.join("; ", words) + '\n';
  }

  private static String calls(long count) {
    return grouped(count) + " " + Plural.noun(count, "call");
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
