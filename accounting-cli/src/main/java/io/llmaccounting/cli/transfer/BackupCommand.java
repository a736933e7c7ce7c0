package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.cli.console.Sheet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies a SQLite database while it is in use. */
@Command(
    name = "backup",
    description = {
      "Copy the database, which may be in use, into a file, as it stands at one instant.",
      "For SQLite; a PostgreSQL database is backed up by pg_dump, or written by 'export'."
    },
    footer = "llm-accounting backup usage-backup.db")
public final class BackupCommand extends AccountingCommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "Where to; must not be there yet.")
  String target = "";

  @Option(names = "--force", description = "Replace the file where it is there already.")
  boolean force;

  @Override
  protected int run(Run run) throws IOException, SQLException {
    Path database = run.databaseFile();
    if (database == null) {
      throw Failure.failed(
          "a PostgreSQL database is not copied by this tool",
          "Use pg_dump with the schema of --db-schema, or write what it knows with"
              + " 'llm-accounting export FILE'.");
    }
    Path place = run.console().file(target);
    if (Files.exists(place) && Files.isSameFile(place, database)) {
      throw Failure.usage("the backup must be another file than the database", "Name another.");
    }
    try (NewFile file = NewFile.at(place, force);
        ProgressBar progress = run.progress("backup", 100)) {
      SqliteCopy.of(database, file.draft(), progress);
      file.keep();
    }
    try (Sheet sheet = run.record(List.of(Column.text("file"), Column.number("bytes")))) {
      sheet.row(target, Files.size(place));
    }
    return Exit.DONE;
  }
}
