package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Known;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportRow;
import io.llmaccounting.usage.UsageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A report as it is printed. Programs get every figure; people get a few beside names, the sum of
 * all rows below them, and bars where a terminal shows them.
 */
final class StatsSheet {
  private final Run run;
  private final UsageReport report;
  private final @Nullable Ranking rank;
  private final @Nullable Integer top;

  StatsSheet(Run run, UsageReport report, @Nullable Ranking rank, @Nullable Integer top) {
    this.run = run;
    this.report = report;
    this.rank = rank;
    this.top = top;
  }

  void print() {
    boolean single = report.query().by().isEmpty() && report.query().bucket() == null;
    if (single) {
      printTotal();
    } else {
      printRows();
    }
  }

  /** All figures of the one row that there is, zeros where nothing was used. */
  private void printTotal() {
    List<StatsColumn> figures = figures(StatsColumn.all());
    ReportRow row =
        report.rows().isEmpty()
            ? new ReportRow(List.of(), null, report.total(), null)
            : report.rows().get(0);
    if (run.globals().format() == Format.TABLE) {
      figures.removeIf(figure -> !figure.isTelling(figure.value().apply(row)));
      print(figures, figures.stream().map(figure -> figure.forPeople(row)).toArray());
      legend();
    } else {
      print(figures, figures.stream().map(figure -> figure.value().apply(row)).toArray());
    }
  }

  private void print(List<StatsColumn> figures, @Nullable Object[] values) {
    try (Sheet sheet = run.record(figures.stream().map(StatsColumn::column).toList())) {
      sheet.row(values);
    }
  }

  /** Says what marks mean, where there are any. */
  private void legend() {
    if (!run.globals().isQuiet()) {
      Known.legend(report.total()).ifPresent(run::note);
    }
  }

  private List<StatsColumn> figures(List<StatsColumn> sums) {
    List<StatsColumn> figures = new ArrayList<>(sums);
    if (report.query().distribution()) {
      figures.addAll(StatsColumn.spread());
    }
    return figures;
  }

  private void printRows() {
    boolean forPeople = run.globals().format() == Format.TABLE;
    boolean bars = forPeople && run.console().terminal().out() && !run.globals().isQuiet();
    List<StatsColumn> figures = figures(forPeople ? few() : StatsColumn.all());
    List<Column> columns = new ArrayList<>(names());
    figures.forEach(figure -> columns.add(figure.column()));
    Ranking shown = rank == null ? Ranking.COST : rank;
    if (bars) {
      columns.add(Column.text(shown.name().toLowerCase(Locale.ROOT) + "_bar").titled("").asSpare());
    }
    List<ReportRow> rows = rows(shown);
    long most = rows.stream().mapToLong(row -> shown.of(row.totals())).max().orElse(0);
    Bars bar = new Bars(most, run.console());
    try (Sheet sheet = run.rows(columns)) {
      for (ReportRow row : rows) {
        print(sheet, name(row), row, figures, bars ? bar.of(shown.of(row.totals())) : null);
      }
      if (forPeople && !run.globals().isQuiet() && rows.size() > 1) {
        ReportRow total = new ReportRow(List.of(), null, report.total(), null);
        printTotal(sheet, total, figures, bars);
      }
    }
    if (forPeople) {
      legend();
    }
  }

  private void printTotal(
      Sheet sheet, ReportRow total, List<StatsColumn> figures, boolean hasBars) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < names().size(); i++) {
      values.add(Shown.as(null, i == 0 ? "TOTAL" : ""));
    }
    figures.forEach(figure -> values.add(figure.value().apply(total)));
    values.replaceAll(value -> Shown.in(Tone.STRONG, value));
    if (hasBars) {
      values.add("");
    }
    sheet.row(values.toArray());
  }

  private List<StatsColumn> few() {
    List<StatsColumn> few = new ArrayList<>(StatsColumn.few());
    StatsColumn.doubts().stream().filter(doubt -> doubt.isAbove0(report)).forEach(few::add);
    return few;
  }

  private List<ReportRow> rows(Ranking shown) {
    boolean ranked = rank != null || top != null || report.query().bucket() == null;
    return ranked ? report.top(top == null ? Integer.MAX_VALUE : top, shown::of) : report.rows();
  }

  private List<Column> names() {
    List<Column> names = new ArrayList<>();
    if (report.query().bucket() != null) {
      names.add(Column.time("from"));
    }
    for (Dimension dimension : report.query().by()) {
      names.add(Column.text(dimension.toString()));
    }
    return names;
  }

  private List<@Nullable Object> name(ReportRow row) {
    List<@Nullable Object> name = new ArrayList<>();
    if (report.query().bucket() != null) {
      name.add(Objects.requireNonNull(row.bucket(), "a report cut by time has buckets").from());
    }
    name.addAll(row.values());
    return name;
  }

  private static void print(
      Sheet sheet,
      List<@Nullable Object> name,
      ReportRow row,
      List<StatsColumn> figures,
      @Nullable String bar) {
    List<@Nullable Object> values = new ArrayList<>(name);
    figures.forEach(figure -> values.add(figure.value().apply(row)));
    if (bar != null) {
      values.add(bar);
    }
    sheet.row(values.toArray());
  }
}
