package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.limit.OpenHold;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Records what a held call consumed. */
@Command(
    name = "settle",
    description = {
      "Record what a held call consumed, and give its hold back, together.",
      "Model and names are those of 'reserve'; others are refused. Settling twice changes nothing;"
          + " after the hold has expired it is recorded all the same."
    },
    footer = {
      "llm-accounting settle \"$HOLD\" --input-tokens 1890 --output-tokens 240 --latency 1.4s",
      "llm-accounting settle \"$HOLD\" --outcome failed"
    })
public final class SettleCommand extends AccountingCommand {
  @Mixin HoldArgument hold = new HoldArgument();
  @Mixin CallOptions call = new CallOptions();

  @Override
  protected int run(Run run) {
    if (call.at != null) {
      throw new IllegalArgumentException(
          "--at must be absent: a held call was made when its hold was taken");
    }
    UUID id = hold.id();
    Usage usage = usage(run, id);
    Receipts.print(run, run.accounting().quotas().hold(id).settle(usage));
    return Exit.DONE;
  }

  private Usage usage(Run run, UUID id) {
    UsageBuilder builder = builder(id);
    Optional<OpenHold> open = hold.find(run);
    if (open.isPresent()) {
      OpenHold held = open.get();
      builder.model(held.model());
      if (held.provider() != null) {
        builder.provider(held.provider());
      }
      call.into(builder, run.globals().zone());
    } else {
      settledBefore(run, id, builder);
    }
    return builder.build();
  }

  // Settling again with the same figures is a duplicate, with others a conflict; both are said.
  private void settledBefore(Run run, UUID id, UsageBuilder builder) {
    RecordedUsage before = run.backend().usage().find(id).orElseThrow(hold::unknown);
    builder.model(before.usage().model());
    if (before.usage().provider() != null) {
      builder.provider(before.usage().provider());
    }
    call.into(builder, run.globals().zone());
  }

  private static UsageBuilder builder(UUID id) {
    Instant taken = UsageId.timeOf(id);
    return new UsageBuilder(taken).id(id);
  }
}
