package io.llmaccounting.server.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what is known of a key. */
@Command(
    name = "show",
    description = "Show what is known of a key and its limits, without its secret.",
    footer = "llm-accounting-server keys show laptop")
final class ShowKey extends ServerCommand {
  @Mixin final KeyArgument argument = new KeyArgument();

  @Override
  int run(ServerRun run) {
    return KeyRows.shown(run, argument.in(run));
  }
}
