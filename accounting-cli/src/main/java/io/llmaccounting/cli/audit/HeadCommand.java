package io.llmaccounting.cli.audit;

import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import java.util.List;
import picocli.CommandLine.Command;

/** Prints how far every stream goes. */
@Command(
    name = "head",
    description =
        "Print how far every stream goes. Kept elsewhere, the text is what 'audit verify --head'"
            + " reads.",
    footer = "llm-accounting audit head")
final class HeadCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("stream"), Column.code("sequence"), Column.id("hash"), Column.time("latest"));

  @Override
  protected int run(Run run) {
    AuditHead head = run.accounting().audit().head();
    if (run.globals().format() == Format.TABLE) {
      run.console().out().print(head.text());
      return Exit.DONE;
    }
    try (Sheet sheet = run.rows(COLUMNS)) {
      head.streams()
          .forEach(end -> sheet.row(end.stream(), end.sequence(), end.hash(), end.latest()));
    }
    return Exit.DONE;
  }
}
