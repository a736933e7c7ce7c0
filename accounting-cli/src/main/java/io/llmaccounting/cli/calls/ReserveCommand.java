package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.OpenHold;
import io.llmaccounting.limit.Reservation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds room for a call. */
@Command(
    name = "reserve",
    description = {
      "Ask whether a call may go ahead and, if so, hold room for it.",
      "Prints the hold's id. The hold outlives this process: settle or release it, or it expires."
          + " Ends with 3 where there is no room, and prints what 'check' prints."
    },
    footer = {
      "HOLD=$(llm-accounting -q reserve --model gpt-5-mini --user alice --input-tokens 2000)",
      "llm-accounting reserve --model gpt-5-mini --cost 0.05 --ttl 5m"
    })
public final class ReserveCommand extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.id("hold"), Column.text("model"), Column.time("expires_at"));

  @Mixin RequestOptions call = new RequestOptions();

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      description = "How long the hold lives, from 1s to 7d. Default: 10m.")
  @Nullable Duration ttl;

  @Override
  protected int run(Run run) {
    CallRequest request = call.request();
    Reservation reservation =
        run.accounting().quotas().reserve(ttl == null ? request : request.holdFor(ttl));
    HeldCall held = reservation.held();
    if (held == null) {
      return run.globals().isQuiet()
          ? Decisions.conclude(run, reservation.decision(), call.model)
          : Decisions.print(run, reservation.decision(), call.model);
    }
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(held.id(), call.model, expiry(run, held));
    }
    return Exit.DONE;
  }

  private static @Nullable Instant expiry(Run run, HeldCall held) {
    return run.globals().isQuiet()
        ? null
        : run.accounting().admin().openHolds().stream()
            .filter(hold -> hold.id().equals(held.id()))
            .map(OpenHold::expiresAt)
            .findFirst()
            .orElse(null);
  }
}
