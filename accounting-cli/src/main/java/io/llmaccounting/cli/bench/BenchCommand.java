package io.llmaccounting.cli.bench;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the library on this machine. */
@Command(
    description =
        "Measures the library beside bare JDBC and Bucket4j, on SQLite, and on PostgreSQL where"
            + " --db names one. Works in files and schemas of its own and removes them.",
    footer = "llm-accounting bench --quick track reserve")
public final class BenchCommand extends AccountingCommand {
  private static final String QUICK =
      "**A quick run, which shows little more than that everything works:** ";
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("name"),
          Column.decimal("value"),
          Column.text("target"),
          Column.flag("met"),
          Column.decimal("ours_per_second"),
          Column.decimal("baseline_per_second"),
          Column.decimal("p50_micros"),
          Column.decimal("p99_micros"),
          Column.decimal("p999_micros"),
          Column.decimal("allocated_bytes"),
          Column.decimal("round_trips"),
          Column.decimal("commits"),
          Column.text("baseline"),
          Column.text("note"));

  @Parameters(
      paramLabel = "NAME",
      description =
          "What to measure: memory, buffered, track, reserve, hot-limit, history, limits, open,"
              + " start, bulk, report, disk, export, rebuild. Default: all.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--quick",
      description = "Seconds instead of minutes; shows little more than that it works.")
  boolean quick;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where SQLite files are made. Default: the folder for temporary files.")
  @Nullable Path folder;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Also draws how cost grows, and writes a page, JSON and charts into this folder.")
  @Nullable Path report;

  @Override
  protected int run(Run run) throws Exception {
    Path files = Files.createTempDirectory(base(run), "llm-accounting-bench");
    try {
      List<Store> stores = new ArrayList<>(List.of(new SqliteStore(files)));
      String servers = addPostgres(run, stores);
      Bench bench = new Bench(stores, quick ? Scale.QUICK : Scale.FULL, run.console().clock());
      List<Comparison> rows = compare(run, bench);
      if (report != null) {
        Path target = run.console().file(report.toString());
        String machine = (quick ? QUICK : "") + Machine.description() + servers;
        new Figures(machine, rows, new Curves(bench).all()).write(target);
      }
      return Exit.DONE;
    } finally {
      Files.deleteIfExists(files);
    }
  }

  private Path base(Run run) throws IOException {
    Path base =
        folder == null
            ? Path.of(System.getProperty("java.io.tmpdir"))
            : run.console().file(folder.toString());
    return Files.createDirectories(base);
  }

  private static String addPostgres(Run run, List<Store> stores) throws SQLException {
    Run.Login login = run.postgres();
    if (login == null) {
      return "";
    }
    PostgresStore store = new PostgresStore(login.url(), login.user(), login.password());
    stores.add(store);
    return "; " + store.server();
  }

  private List<Comparison> compare(Run run, Bench bench) throws Exception {
    List<Comparison> rows = new ArrayList<>();
    try (Benchmarks benchmarks = new Benchmarks();
        Sheet sheet = run.rows(COLUMNS)) {
      List<Benchmark> wanted;
      try {
        wanted = benchmarks.named(names);
      } catch (IllegalArgumentException e) {
        throw Failure.usage(String.valueOf(e.getMessage()), "Name one of these, or none for all.");
      }
      for (Benchmark benchmark : wanted) {
        run.note("measuring " + benchmark.name());
        for (Comparison row : benchmark.run(bench)) {
          rows.add(row);
          print(sheet, row);
        }
      }
    }
    return rows;
  }

  private static void print(Sheet sheet, Comparison row) {
    Measured ours = row.ours();
    sheet.row(
        row.name(),
        decimal(row.value()),
        row.target().toString(),
        row.met(),
        decimal(ours.perSecond()),
        decimal(row.theirs().perSecond()),
        decimal(ours.p50() / 1e3),
        decimal(ours.p99() / 1e3),
        decimal(ours.p999() / 1e3),
        decimal(ours.bytes()),
        decimal(ours.roundTrips()),
        decimal(ours.commits()),
        row.baseline(),
        row.note());
  }

  private static @Nullable BigDecimal decimal(double value) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? null
        : BigDecimal.valueOf(value)
            .setScale(Math.abs(value) >= 100 ? 0 : 3, RoundingMode.HALF_EVEN);
  }
}
