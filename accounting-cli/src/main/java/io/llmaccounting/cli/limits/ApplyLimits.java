package io.llmaccounting.cli.limits;

import io.llmaccounting.LimitSetPlan;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.json.limits.LimitFileException;
import io.llmaccounting.json.limits.LimitSetJson;
import io.llmaccounting.limit.FieldChange;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitClashException;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.yaml.LimitSetYaml;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Applies limits that are kept in a file. */
@Command(
    name = "apply",
    description = {
      "Apply a file of limits: make what is missing, change what differs, and remove what the file's"
          + " set made before and does not have any more.",
      "Limits that were made otherwise are not touched. Applying the same again changes nothing."
    },
    footer = {
      "llm-accounting limits apply limits.yaml --dry-run",
      "llm-accounting limits apply limits.yaml"
    })
final class ApplyLimits extends AccountingCommand {
  private static final String JSON = ".json";

  private static final List<Column> COLUMNS =
      List.of(
          Column.text("change"),
          Column.text("limit"),
          Column.text("field"),
          Column.text("from"),
          Column.text("to"));

  @Parameters(
      paramLabel = "FILE|-",
      description = "A YAML or JSON file; standard input where - is given.")
  String file = "-";

  @Option(names = "--dry-run", description = "Say what would change, and write nothing.")
  boolean dryRun;

  @Option(
      names = "--take-over",
      description =
          "Let the set own limits of its names that were made by hand or by another set. What they"
              + " have counted stays.")
  boolean takeOver;

  @Override
  protected boolean createsDatabase() {
    return !dryRun;
  }

  @Override
  protected boolean onlyTries() {
    return dryRun;
  }

  @Override
  protected int run(Run run) throws IOException {
    LimitSet set = read(run);
    LimitSetPlan plan = run.accounting().limits().plan(set);
    plan = takeOver ? plan.takingOver() : plan;
    LimitSetDiff diff;
    try {
      diff = dryRun ? plan.diff() : plan.apply();
    } catch (LimitClashException e) {
      throw Failure.failed(
          String.valueOf(e.getMessage()),
          "Give --take-over to let the set own them; see 'llm-accounting limits list'.");
    }
    print(run, diff);
    run.note(diff.toString().lines().findFirst().orElse(""));
    if (dryRun) {
      run.note("nothing was written: a dry run");
    }
    return Exit.DONE;
  }

  private LimitSet read(Run run) throws IOException {
    try (InputStream in = open(run)) {
      return file.toLowerCase(Locale.ROOT).endsWith(JSON)
          ? LimitSetJson.read(in)
          : LimitSetYaml.read(in);
    } catch (LimitFileException e) {
      List<String> problems = e.problems();
      problems.stream()
          .limit(problems.size() - 1L)
          .forEach(problem -> run.console().err().println(Escaped.line(file + ", " + problem)));
      throw Failure.usage(
          file + ", " + problems.get(problems.size() - 1), "Mend the file; nothing was changed.");
    }
  }

  private InputStream open(Run run) throws IOException {
    return file.equals("-") ? run.console().in() : Files.newInputStream(run.console().file(file));
  }

  private static void print(Run run, LimitSetDiff diff) {
    try (Sheet sheet = run.rows(COLUMNS)) {
      for (LimitChange change : diff.changes()) {
        rows(sheet, change, diff);
      }
    }
  }

  private static void rows(Sheet sheet, LimitChange change, LimitSetDiff diff) {
    String word = change.kind().name().toLowerCase(Locale.ROOT);
    switch (change.kind()) {
      case CREATED -> sheet.row(word, change.name(), null, null, String.valueOf(change.after()));
      case REMOVED -> sheet.row(word, change.name(), null, String.valueOf(change.before()), null);
      case CHANGED -> {
        for (FieldChange field : change.fields()) {
          sheet.row(word, change.name(), field.field(), field.from(), field.to());
        }
      }
      case UNCHANGED -> {}
    }
    String owner = diff.takenOver().get(change.name());
    if (owner != null) {
      sheet.row("taken-over", change.name(), "set", owner.isEmpty() ? null : owner, diff.set());
    }
  }
}
