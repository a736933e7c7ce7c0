package io.llmaccounting.server.command;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.directory.DirectoryEntry;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists projects. */
@Command(
    name = "list",
    description = "List projects by name.",
    footer = "llm-accounting-server projects list")
final class ListProjects extends ServerCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("name"),
          Column.flag("active"),
          Column.number("credentials"),
          Column.time("activated_at"));

  @Override
  int run(ServerRun run) {
    List<ProviderCredential> credentials = run.accounting().credentials().list();
    try (Sheet sheet = run.answers().rows(COLUMNS)) {
      for (DirectoryEntry project : run.accounting().directory().projects()) {
        long own = credentials.stream().filter(one -> project.name().equals(one.project())).count();
        sheet.row(project.name(), project.active(), own, project.activatedAt());
      }
    }
    return Exit.DONE;
  }
}
