package io.llmaccounting.cli.prices;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.providers.prices.PriceFileException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads files of prices and says what is wrong with them. */
@Command(
    name = "check",
    description = {
      "Read files of prices and say all that is wrong with them, with line and field. Ends with 1"
          + " where something is.",
      "What is allowed but rarely meant counts as a doubt and is reported on standard error."
    },
    footer = "llm-accounting prices check prices.json")
final class CheckPrices extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("file"),
          Column.flag("good"),
          Column.number("rows"),
          Column.text("problem"),
          Column.number("doubts"),
          Column.list("problems").asSpare());

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files.")
  List<String> files = List.of();

  @Override
  protected int run(Run run) {
    boolean good = true;
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (String file : files) {
        List<String> problems = problems(run, file);
        good &= problems.isEmpty();
        if (problems.isEmpty()) {
          List<String> doubts = run.prices().with(run.console().file(file)).doubts();
          sheet.row(file, true, rows(run, file), null, doubts.size(), null);
          doubts.forEach(doubt -> run.note(file + ": " + doubt));
        } else {
          boolean forPeople = run.globals().format() == Format.TABLE;
          sheet.row(file, false, null, problems.get(0), null, forPeople ? null : problems);
          if (forPeople) {
            problems.stream().skip(1).forEach(run::note);
          }
        }
      }
    }
    return good ? Exit.DONE : Exit.FAILED;
  }

  private static List<String> problems(Run run, String file) {
    try {
      run.prices().with(run.console().file(file));
      return List.of();
    } catch (PriceFileException e) {
      return e.problems();
    }
  }

  private static int rows(Run run, String file) {
    return PriceCatalog.empty().with(run.console().file(file)).rows().size();
  }
}
