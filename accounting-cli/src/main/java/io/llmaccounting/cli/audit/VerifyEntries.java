package io.llmaccounting.cli.audit;

import io.llmaccounting.audit.AuditHead;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.cli.console.Sheet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Proves the log, or names the first bad entry of each stream. */
@Command(
    name = "verify",
    description =
        "Prove that no sealed entry was altered, removed, moved or added. Ends with 1 if one was.",
    footer = {"llm-accounting audit verify", "llm-accounting audit verify --head head.json"})
final class VerifyEntries extends AccountingCommand {
  private static final List<Column> COLUMNS =
      List.of(
          Column.flag("intact"),
          Column.number("streams"),
          Column.number("sealed"),
          Column.number("keyless"),
          Column.number("unsealed"),
          Column.number("since_head"),
          Column.number("retained"),
          Column.list("damages"));

  @Option(
      names = "--head",
      paramLabel = "FILE",
      description = "What 'audit head' printed once: every end that it names must still be there.")
  @Nullable String head;

  @Option(
      names = "--key",
      paramLabel = "NAME=FILE",
      description =
          "A file with the secret that entries were sealed with; may be repeated. That of"
              + " LLM_ACCOUNTING_AUDIT_KEY is known without it.")
  List<String> keys = List.of();

  @Override
  protected int run(Run run) {
    keys.forEach(run::knowAuditKey);
    AuditVerification found =
        head == null
            ? run.accounting().audit().verify()
            : run.accounting().audit().verify(head(run, head));
    try (Sheet sheet = run.record(COLUMNS)) {
      sheet.row(
          found.isIntact(),
          found.streams(),
          found.sealed(),
          found.keyless(),
          found.unsealed(),
          found.sinceHead(),
          found.retained(),
          found.damages().stream().map(AuditVerification.Damage::message).toList());
    }
    return found.isIntact() ? Exit.DONE : Exit.FAILED;
  }

  private static AuditHead head(Run run, String file) {
    try {
      return AuditHead.parse(Files.readString(run.console().file(file)));
    } catch (IOException e) {
      throw Failure.usage("the head cannot be read: " + FileProblems.text(e), "Check --head.");
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          file + " is no head: " + e.getMessage(),
          "Give what 'audit head' has printed as a table.");
    }
  }
}
