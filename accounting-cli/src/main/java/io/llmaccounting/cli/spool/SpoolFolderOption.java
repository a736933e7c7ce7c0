package io.llmaccounting.cli.spool;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import io.llmaccounting.usage.Plural;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names a spool. */
final class SpoolFolderOption {
  private static final String VARIABLE = "LLM_ACCOUNTING_SPOOL";

  @Option(
      names = "--spool",
      paramLabel = "FOLDER",
      description = "The folder of the spool. Default: LLM_ACCOUNTING_SPOOL.")
  @Nullable String folder;

  /** The spool; a folder that is not there is an error, because a new one would look healthy. */
  SqliteSpool open(Run run) {
    return named(run)
        .map(name -> open(run, name))
        .orElseThrow(
            () ->
                Failure.usage(
                    "no spool is named", "Name its folder with --spool or in " + VARIABLE + "."));
  }

  /** The spool; empty where none is named. */
  Optional<SqliteSpool> openIfNamed(Run run) {
    return named(run).map(name -> open(run, name));
  }

  private Optional<String> named(Run run) {
    return Optional.ofNullable(folder != null ? folder : run.console().variable(VARIABLE));
  }

  private static SqliteSpool open(Run run, String name) {
    Path path = run.console().file(name);
    if (!Files.isDirectory(path)) {
      throw Failure.failed(
          "there is no folder " + path, "Name the folder that the application's spool is in.");
    }
    SqliteSpool spool = SqliteSpool.at(path, SpoolSettings.defaults().clock(run.console().clock()));
    int others = spool.otherOwners();
    if (others > 0) {
      run.note(
          "%d running %s %s this spool; what they keep is theirs and not counted here."
              .formatted(
                  others, Plural.noun(others, "process"), Plural.verb(others, "uses", "use")));
    }
    return spool;
  }
}
