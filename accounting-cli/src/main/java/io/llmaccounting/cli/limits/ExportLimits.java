package io.llmaccounting.cli.limits;

import io.llmaccounting.Limits;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.json.limits.LimitSetJson;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.OwnedLimit;
import io.llmaccounting.yaml.LimitSetYaml;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes limits to a file that can be applied. */
@Command(
    name = "export",
    description = {
      "Write limits to a file that 'limits apply' reads: all of them, those of one set, or those"
          + " that were made by hand.",
      "What it holds of a set can be applied again and changes nothing; the rest becomes the file's"
          + " set's with --take-over."
    },
    footer = {
      "llm-accounting limits export --as search",
      "llm-accounting limits export batch.json --set batch --force",
      "llm-accounting limits export --by-hand --as search"
    })
final class ExportLimits extends AccountingCommand {
  private static final String JSON = ".json";

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE|-",
      description =
          "Where to; standard output where none or - is given. JSON if its name ends in .json, else"
              + " YAML.")
  String file = "-";

  @Option(names = "--set", paramLabel = "SET", description = "Only limits that this set owns.")
  @Nullable String set;

  @Option(names = "--by-hand", description = "Only limits that no set owns.")
  boolean byHand;

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The name of the set in the file; without it that of --set.")
  @Nullable String name;

  @Option(names = "--force", description = "Replace the file where it is there already.")
  boolean force;

  @Override
  protected int run(Run run) throws IOException {
    LimitSet chosen = chosen(run);
    byte[] text = text(chosen);
    if (file.equals("-")) {
      OutputStream out = run.console().out();
      out.write(text);
      out.flush();
    } else {
      write(run.console().file(file), text);
    }
    run.note(
        "%d %s, as set \"%s\""
            .formatted(
                chosen.limits().size(),
                chosen.limits().size() == 1 ? "limit" : "limits",
                chosen.name()));
    return Exit.DONE;
  }

  private LimitSet chosen(Run run) {
    if (set != null && byHand) {
      throw Failure.usage(
          "--set and --by-hand choose different limits", "Give one of them, or neither for all.");
    }
    String named = name == null ? set : name;
    if (named == null) {
      throw Failure.usage(
          "a file of limits names its set", "Give --as NAME, or --set SET for that set's limits.");
    }
    Limits limits = run.accounting().limits();
    if (byHand) {
      return new LimitSet(named, ofNoSet(limits));
    }
    return set == null ? limits.asSet(named) : new LimitSet(named, limits.ownedBy(set).limits());
  }

  private static List<Limit> ofNoSet(Limits limits) {
    return limits.owned().stream()
        .filter(owned -> owned.set() == null)
        .map(OwnedLimit::limit)
        .toList();
  }

  private byte[] text(LimitSet chosen) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (file.toLowerCase(Locale.ROOT).endsWith(JSON)) {
      LimitSetJson.write(text, chosen);
    } else {
      LimitSetYaml.write(text, chosen);
    }
    return text.toByteArray();
  }

  private void write(Path place, byte[] text) throws IOException {
    if (!force && Files.exists(place)) {
      throw Failure.failed(
          "there is a file %s already".formatted(place), "Name another one, or give --force.");
    }
    OpenOption[] how =
        force
            ? new OpenOption[] {
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE
            }
            : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
    Files.write(place, text, how);
  }
}
