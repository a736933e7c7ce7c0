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
    description = "Read files of prices and say what is wrong with them. Ends with 1 where one is.",
    footer = "llm-accounting prices check prices.json")
final class CheckPrices extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("file"), Column.flag("good"), Column.number("rows"), Column.text("problem"));

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files.")
  List<String> files = List.of();

  @Override
  protected int run(Run run) {
    boolean good = true;
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (String file : files) {
        String problem = problem(run, file);
        good &= problem == null;
        sheet.row(file, problem == null, problem == null ? rows(run, file) : null, problem);
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
