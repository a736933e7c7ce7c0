package io.llmaccounting.cli.prices;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.providers.prices.PriceFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads files of prices and says what is wrong with them. */
@Command(
    name = "check",
    description = {
      "Read files of prices and say what is wrong with them. Ends with 1 where one is.",
      "What is allowed and yet seldom meant is counted as doubts and told on standard error."
    },
    footer = "llm-accounting prices check prices.json")
final class CheckPrices extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("file"),
          Column.flag("good"),
          Column.number("rows"),
          Column.text("problem"),
          Column.number("doubts"));

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files.")
  List<String> files = List.of();

  @Override
  protected int run(Run run) {
    boolean good = true;
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (String file : files) {
        String problem = problem(run, file);
        good &= problem == null;
        if (problem == null) {
          List<String> doubts = run.prices().with(run.console().file(file)).doubts();
          sheet.row(file, true, rows(run, file), null, doubts.size());
          doubts.forEach(doubt -> run.note(file + ": " + doubt));
        } else {
          sheet.row(file, false, null, problem, null);
        }
      }
    }
    return good ? Exit.DONE : Exit.FAILED;
  }

  private static @Nullable String problem(Run run, String file) {
    try {
      run.prices().with(run.console().file(file));
      return null;
    } catch (PriceFileException e) {
      return e.getMessage();
    }
  }

  private static int rows(Run run, String file) {
    return PriceCatalog.empty().with(run.console().file(file)).rows().size();
  }
}
