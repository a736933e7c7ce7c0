package io.llmaccounting.server.command;

import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives a key another secret. */
@Command(
    name = "rotate",
    description = {
      "Give a key another secret and show it, once; its terms and its limits stay.",
      "The former secret stays good for a while, so that clients can be changed one by one."
    },
    footer = "llm-accounting-server keys rotate laptop --grace 1h")
final class RotateKey extends ServerCommand {
  @Mixin final KeyArgument argument = new KeyArgument();

  @Option(
      names = "--grace",
      paramLabel = "DURATION",
      description = "How long the former secret stays good, up to 365d. Default: 1d.")
  Duration grace = Duration.ofDays(1);

  @Override
  int run(ServerRun run) {
    return KeyRows.issued(run, run.accounting().access().rotate(argument.in(run).id(), grace));
  }
}
