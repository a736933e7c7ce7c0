package io.llmaccounting.cli.upkeep;

import io.llmaccounting.backend.SchemaVersion;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Sheet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates a database or brings it to this version. */
@Command(
    name = "migrate",
    description = {
      "Create a database, or bring its schema to the version that this tool works with.",
      "An older SQLite file is copied to the same folder first."
    },
    footer = {"llm-accounting migrate --dry-run", "llm-accounting migrate"})
public final class MigrateCommand extends AccountingCommand {
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
  protected boolean createsDatabase() {
    return true;
  }

  @Override
  protected int run(Run run) {
    SchemaVersion version = run.schemaVersion();
    Status status =
        dryRun ? Status.PENDING : version.found() == 0 ? Status.CREATED : Status.MIGRATED;
    if (!dryRun) {
      run.backend();
    }
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(version.isCurrent() ? Status.CURRENT : status, version.found(), version.wanted());
    }
    return Exit.DONE;
  }
}
