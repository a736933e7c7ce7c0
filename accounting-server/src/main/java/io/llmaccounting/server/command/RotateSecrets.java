package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.ProgressBar;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.server.sealing.KeySource;
import io.llmaccounting.server.sealing.SealedCredentials;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Encrypts all credentials with another key. */
@Command(
    name = "rotate-secrets",
    description = {
      "Encrypt all stored credentials with a new sealing key, while servers run.",
      "Where the key is in a file, a new one is put on its first line. Where it is in a setting, put"
          + " the new one before the old one yourself first, with a comma between them.",
      "If it breaks off, run it again: it goes on with the key that it made."
    },
    footer = {
      "llm-accounting-server rotate-secrets",
      "llm-accounting-server rotate-secrets --forget"
    })
final class RotateSecrets extends ServerCommand {
  private static final List<Column> COLUMNS =
      List.of(Column.text("sealed_by"), Column.number("resealed"), Column.number("former_keys"));

  @Option(
      names = "--forget",
      description =
          "Make no new key; remove the former ones from the file once nothing needs them. Do so when"
              + " every server has been asked something since.")
  boolean forget;

  @Override
  int run(ServerRun run) {
    KeySource source = run.keySource();
    SealedCredentials credentials = run.credentials();
    long behind = credentials.behind();
    if (behind == 0 && !forget && source.file() != null) {
      source.rotate();
      behind = credentials.behind();
    }
    long resealed;
    try (ProgressBar progress = run.answers().progress("sealing", behind)) {
      resealed = credentials.resealAll(progress::at);
    }
    if (forget && source.file() != null) {
      source.forgetFormer();
    }
    try (Sheet sheet = run.answers().record(COLUMNS)) {
      sheet.row(source.keys().current().id(), resealed, (long) source.keys().all().size() - 1);
    }
    return Exit.DONE;
  }
}
