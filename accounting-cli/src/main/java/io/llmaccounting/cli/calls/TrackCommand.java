package io.llmaccounting.cli.calls;

import io.llmaccounting.TrackedCall;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.limit.Receipt;
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
    },
    footer = {
      "llm-accounting track --model gpt-5-mini --input-tokens 900 --output-tokens 120 --user alice",
      "llm-accounting track --model our-own-model --cost 0.002 --latency 640ms --tag team=search",
      "llm-accounting track --from calls.jsonl --project search"
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
    Receipt receipt = tracked.record();
    Receipts.print(run, receipt);
    if (receipt.cost().isEmpty() && call.tokens.tokens() != null) {
      run.note("what it cost is not known. " + MissingPrice.ofCall(run, call.model, call.provider));
    }
    return Exit.DONE;
  }
}
