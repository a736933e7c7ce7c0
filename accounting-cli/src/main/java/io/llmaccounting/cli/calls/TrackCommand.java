package io.llmaccounting.cli.calls;

import io.llmaccounting.TrackedCall;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Records a call that was made, or many. */
@Command(
    name = "track",
    description = {
      "Record a call that was made, or many from a file.",
      "A call is recorded whatever the limits say. What is not known is left out, not given as"
          + " zero."
    })
public final class TrackCommand extends AccountingCommand {
  @Mixin CallOptions call = new CallOptions();

  @Option(
      names = "--from",
      paramLabel = "FILE|-",
      description = {
        "Record every line of a file, or of standard input: JSON objects with the fields of"
            + " 'export', or answers of providers. Other options fill in what lines leave out.",
        "An answer that is not on one line is read as a whole, an event stream too."
      })
  @Nullable String from;

  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) throws IOException {
    if (from != null) {
      return new CallFile(run, call).track(from);
    }
    if (call.model == null) {
      throw new IllegalArgumentException("--model is required, was not given");
    }
    call.tokens.tokens();
    if (call.cost == null) {
      run.readPricesAhead();
    }
    TrackedCall tracked = run.accounting().track();
    call.into(tracked, run.globals().zone());
    Receipts.print(run, tracked.record());
    return Exit.DONE;
  }
}
