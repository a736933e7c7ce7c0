package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists credentials. */
@Command(
    name = "list-credentials",
    description = "List the credentials that are stored, without what is in them.",
    footer = "llm-accounting-server projects list-credentials --project apollo")
final class ListCredentials extends ServerCommand {
  @Option(names = "--project", paramLabel = "NAME", description = "Those of this project alone.")
  @Nullable String project;

  @Override
  int run(ServerRun run) {
    try (Sheet sheet = run.answers().rows(CredentialRows.COLUMNS)) {
      for (ProviderCredential one : run.accounting().credentials().list()) {
        if (project == null || project.equals(one.project())) {
          CredentialRows.row(sheet, one);
        }
      }
    }
    return Exit.DONE;
  }
}
