package io.llmaccounting.bench;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the library on this machine. */
@Command(
    name = "llm-accounting-bench",
    description =
        "Measures the library beside bare JDBC and Bucket4j, on SQLite, and on PostgreSQL where"
            + " --db names one. Works in files and schemas of its own and removes them.")
final class BenchCommand implements Callable<Integer> {
  private static final String PASSWORD = "LLM_ACCOUNTING_DB_PASSWORD";
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

  private final Console console;

  @Spec @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description =
          "What to measure: memory, buffered, track, reserve, hot-limit, leases, history, limits,"
              + " open, start, bulk, report, disk, export, rebuild. Default: all.")
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

  @Option(
      names = "--db",
      paramLabel = "URL",
      description =
          "Measures PostgreSQL too: jdbc:postgresql://HOST/DATABASE. " + PASSWORD + " is read.")
  @Nullable String url;

  @Option(names = "--db-user", paramLabel = "NAME", description = "The role for PostgreSQL.")
  String user = "postgres";

  @Option(
      names = "--format",
      paramLabel = "table|json|csv",
      description = "How to print what was found. Default: table.")
  Format format = Format.TABLE;

  @Option(
      names = {"-q", "--quiet"},
      description = "Do not say what is being measured.")
  boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Say how it is used, and do nothing.")
  boolean help;

  private BenchCommand(Console console) {
    this.console = console;
  }

  /** Runs what was typed; returns one of the codes of {@link Exit}. */
  static int run(Console console, String... arguments) {
    int exit =
        new CommandLine(new BenchCommand(console))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
            .execute(arguments);
    console.out().flush();
    return exit;
  }

  @Override
  public Integer call() throws Exception {
    Path files = Files.createTempDirectory(base(), "llm-accounting-bench");
    try {
      List<Store> stores = new ArrayList<>(List.of(new SqliteStore(files)));
      String servers = addPostgres(stores);
      Bench bench = new Bench(stores, quick ? Scale.QUICK : Scale.FULL, console.clock());
      List<Comparison> rows = compare(bench);
      if (report != null) {
        Path target = console.file(report.toString());
        String machine = (quick ? QUICK : "") + Machine.description() + servers;
        new Figures(machine, rows, new Curves(bench).all()).write(target);
      }
      return Exit.DONE;
    } finally {
      Files.deleteIfExists(files);
    }
  }

  private Path base() throws IOException {
    Path base =
        folder == null
            ? Path.of(System.getProperty("java.io.tmpdir"))
            : console.file(folder.toString());
    return Files.createDirectories(base);
  }

  private String addPostgres(List<Store> stores) throws SQLException {
    if (url == null) {
      return "";
    }
    if (!url.startsWith("jdbc:postgresql:")) {
      throw wrong("--db must begin with jdbc:postgresql:, and what was given does not");
    }
    String password = Objects.requireNonNullElse(console.variable(PASSWORD), "");
    PostgresStore store = new PostgresStore(url, user, password);
    stores.add(store);
    return "; " + store.server();
  }

  private List<Comparison> compare(Bench bench) throws Exception {
    List<Comparison> rows = new ArrayList<>();
    List<Runnable> endings = new ArrayList<>();
    Sheet.Style style =
        new Sheet.Style(
            console.out(), format, ZoneOffset.UTC, quiet, false, false, 0, endings::add);
    try (Benchmarks benchmarks = new Benchmarks()) {
      List<Benchmark> wanted;
      try {
        wanted = benchmarks.named(names);
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
      try (Sheet sheet = Sheet.rows(style, COLUMNS)) {
        for (Benchmark benchmark : wanted) {
          note("measuring " + benchmark.name());
          for (Comparison row : benchmark.run(bench)) {
            rows.add(row);
            print(sheet, row);
          }
        }
      }
    }
    endings.forEach(Runnable::run);
    return rows;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec, "spec").commandLine(), message);
  }

  private void note(String text) {
    if (!quiet) {
      console.err().println(text);
    }
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
