package io.llmaccounting.cli.calls;

import io.llmaccounting.TrackedCall;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin FileOptions file = new FileOptions();

  @Override
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) throws IOException {
    if (file.from != null) {
      return new CallFile(run, file, call).track(file.from);
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
