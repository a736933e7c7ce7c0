package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.config.UpstreamSettings;
import java.util.List;
import picocli.CommandLine.Command;

/** Reads all settings and says what is wrong with them. */
@Command(
    name = "check-config",
    description = {
      "Read all settings, and say all that is wrong with them; nothing is opened or started.",
      "Ends with 2 if something is wrong; says so if the default upstream has no credential there."
    },
    footer = {
      "llm-accounting-server check-config",
      "llm-accounting-server --config llm-accounting-server.yaml check-config"
    })
final class CheckConfig extends ServerCommand {
  @Override
  int run(ServerRun run) {
    ServerSettings settings = run.settings().settings();
    run.answers().note("The settings are well.");
    UpstreamSettings byDefault = Welcome.byDefault(settings);
    if (byDefault != null
        && !settings.gateway().passThrough()
        && CredentialPlace.of(byDefault, List.of()) == CredentialPlace.NONE) {
      run.answers()
          .note(
              "They have no credential for %s, the default upstream; its calls need a stored one: '%s"
                      .formatted(byDefault.name(), ServerRoot.NAME)
                  + " projects add-credential "
                  + byDefault.name()
                  + "'.");
    }
    return Exit.DONE;
  }
}
