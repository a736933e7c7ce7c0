package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.limit.OpenHold;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Parameters;

/** The hold that a command is about. */
final class HoldArgument {
  @Parameters(paramLabel = "HOLD", description = "The hold's id, as 'reserve' printed it.")
  String text = "";

  UUID id() {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "HOLD must be an id as 'reserve' prints it, was \"" + text + "\"", e);
    }
  }

  Optional<OpenHold> find(Run run) {
    UUID id = id();
    return run.accounting().admin().openHolds().stream()
        .filter(hold -> hold.id().equals(id))
        .findFirst();
  }

  Failure unknown() {
    return Failure.failed(
        "there is no hold " + id(),
        "It was settled or released, or never taken; 'llm-accounting reserve' takes another.");
  }
}
