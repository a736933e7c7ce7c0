package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.PlainWords;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.limit.Explanation;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says of every limit what it does to a call. */
@Command(
    name = "explain",
    description = {
      "Say of every limit whether it applies to a call, and why; nothing is written.",
      "Ends with 0 whether or not the call may go ahead."
    },
    footer = "llm-accounting explain --model gpt-5-mini --user alice")
public final class ExplainCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.text("limit"), Column.text("effect"), Column.text("because"));

  @Mixin RequestOptions call = new RequestOptions();

  @Override
  protected int run(Run run) {
    Explanation explanation = run.accounting().quotas().explain(call.request());
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (Explanation.Verdict verdict : explanation.limits()) {
        sheet.row(verdict.limit().name(), verdict.effect(), verdict.because());
      }
    }
    run.note(
        explanation.decision().isAdmitted()
            ? "admitted"
            : "denied: " + PlainWords.in(explanation.decision().toString()));
    return Exit.DONE;
  }
}
