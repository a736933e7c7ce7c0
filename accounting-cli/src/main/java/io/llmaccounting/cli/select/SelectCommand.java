package io.llmaccounting.cli.select;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.readonly.RowReader;
import io.llmaccounting.cli.readonly.SelectCaps;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a question in SQL. */
@Command(
    name = "select",
    description = {
      "Ask a question in SQL, on a connection that cannot write.",
      "The views usage_view, denial_view and audit_view show times, ids and money as people read"
          + " them. An answer that was cut short is a failure, exit code 1."
    },
    footer = {
      "llm-accounting select \"SELECT model, count(*) AS calls FROM usage_view GROUP BY model\"",
      "llm-accounting select --project search --max-rows 100"
    })
public final class SelectCommand extends AccountingCommand {
  private static final int DEFAULT_ROWS = 10_000;
  private static final Duration DEFAULT_TIME = Duration.ofSeconds(30);

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SQL",
      description = "One statement that gives back rows.")
  @Nullable String sql;

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "In place of SQL: the calls of this project, newest first.")
  @Nullable String project;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "So many rows at most. Default: 10000.")
  int maxRows = DEFAULT_ROWS;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "So long at most. Default: 30s.")
  Duration timeout = DEFAULT_TIME;

  @Override
  protected int run(Run run) {
    SelectCaps caps = new SelectCaps(maxRows, timeout);
    try (Printer printer = new Printer(run)) {
      if (run.readOnly().ask(question(), caps, printer)) {
        return Exit.DONE;
      }
    } catch (SQLException e) {
      throw Failure.failed(
          "the database refused the question: " + e.getMessage(),
          "Ask with one SELECT statement; 'select' cannot change anything.");
    }
    throw Failure.failed(
        "there are more rows than " + maxRows + "; the rest was left out",
        "Ask for less, or raise --max-rows.");
  }

  private String question() {
    if (sql == null && project == null) {
      throw Failure.usage(
          "a question is missing",
          "Give one statement in quotes, such as \"SELECT model, count(*) FROM usage_view GROUP BY"
              + " model\", or --project NAME for the calls of a project.");
    }
    if (sql != null && project != null) {
      throw new IllegalArgumentException("--project stands in place of SQL, both were given");
    }
    return sql != null
        ? sql
        : "SELECT * FROM usage_view WHERE project = '"
            + String.valueOf(project).replace("'", "''")
            + "' ORDER BY occurred_at DESC, id DESC";
  }

  /** Prints rows as they come; the kind of a column is that of the value below it. */
  private static final class Printer implements RowReader, AutoCloseable {
    private final Run run;
    private List<String> names = List.of();
    private @Nullable Sheet sheet;

    Printer(Run run) {
      this.run = run;
    }

    @Override
    public void columns(List<String> given) {
      List<String> distinct = new ArrayList<>();
      Set<String> taken = new HashSet<>(given);
      for (String name : given) {
        String free = name;
        for (int i = 2; distinct.contains(free) || (i > 2 && taken.contains(free)); i++) {
          free = name + "_" + i;
        }
        distinct.add(free);
      }
      names = distinct;
    }

    @Override
    public void row(@Nullable Object[] values) {
      if (sheet == null) {
        sheet = open(values);
      }
      sheet.row(values);
    }

    private Sheet open(@Nullable Object[] values) {
      List<Column> columns = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        Object value = i < values.length ? values[i] : null;
        columns.add(column(names.get(i).toLowerCase(Locale.ROOT), value));
      }
      return run.rows(columns);
    }

    private static Column column(String name, @Nullable Object value) {
      if (value instanceof Long || value instanceof BigDecimal) {
        return Column.code(name);
      }
      if (value instanceof Instant) {
        return Column.time(name);
      }
      return value instanceof Boolean ? Column.flag(name) : Column.text(name);
    }

    @Override
    public void close() {
      if (sheet == null && !names.isEmpty()) {
        sheet = open(new Object[0]);
      }
      if (sheet != null) {
        sheet.close();
      }
    }
  }
}
