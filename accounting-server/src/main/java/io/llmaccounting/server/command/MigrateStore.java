package io.llmaccounting.server.command;

import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.server.config.StoreSettings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates the database or brings it to this version. */
@Command(
    name = "migrate",
    description = {
      "Create the database, or bring its schema to the version that this server works with.",
      "Starting the server does the same. An older SQLite file is copied to the same folder first."
    },
    footer = {"llm-accounting-server migrate --dry-run", "llm-accounting-server migrate"})
final class MigrateStore extends ServerCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.text("status"), Column.number("found"), Column.number("wanted"));

  private enum Status {
    CURRENT,
    PENDING,
    MIGRATED,
    CREATED
  }

  @Option(names = "--dry-run", description = "Only say what would be done.")
  boolean dryRun;

  @Override
  boolean mayCreate() {
    return true;
  }

  @Override
  int run(ServerRun run) {
    StoreSettings store = run.settings().settings().store();
    SchemaVersion version = run.stores().version(store);
    if (!dryRun) {
      run.stores().open(store, true).close();
    }
    Status done = version.found() == 0 ? Status.CREATED : Status.MIGRATED;
    Status status = dryRun ? Status.PENDING : done;
    try (Sheet sheet = run.answers().record(COLUMNS)) {
      sheet.row(version.isCurrent() ? Status.CURRENT : status, version.found(), version.wanted());
    }
    return Exit.DONE;
  }
}
