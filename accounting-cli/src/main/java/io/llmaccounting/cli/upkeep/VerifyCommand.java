package io.llmaccounting.cli.upkeep;

import io.llmaccounting.backend.Difference;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.Plural;
import java.util.List;
import picocli.CommandLine.Command;

/** Proves that counters and rollups agree with the records. */
@Command(
    name = "verify",
    description = {
      "Add up all records and list every counter and rollup that disagrees; nothing is written.",
      "Ends with 1 where there is a difference."
    },
    footer = "llm-accounting verify")
public final class VerifyCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.text("what"), Column.text("stored"), Column.text("expected"));

  @Override
  protected int run(Run run) {
    List<Difference> differences = run.accounting().admin().verify().differences();
    // a table of nothing would be its head alone; the note below says that all agrees
    boolean isSaid = differences.isEmpty() && run.globals().format() == Format.TABLE;
    if (!isSaid) {
      print(run, differences);
    }
    if (!differences.isEmpty()) {
      throw Failure.failed(
          "%s %s found"
              .formatted(
                  Plural.of(differences.size(), "difference"),
                  Plural.verb(differences.size(), "was", "were")),
          "Run 'llm-accounting rebuild' to compute counters and rollups again from the records.");
    }
    run.note("everything adds up");
    return Exit.DONE;
  }

  private static void print(Run run, List<Difference> differences) {
    try (Sheet sheet = run.rows(COLUMNS)) {
      differences.forEach(one -> sheet.row(one.what(), one.stored(), one.expected()));
    }
  }
}
