package io.llmaccounting.cli.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Every command once, in an order in which all of them work; those that have subcommands by each of
 * them. Commands of holds are missing: they need the id of a hold.
 */
public final class EveryCommand {
  /** Them, for a folder with {@link #writeFiles its files}. */
  public static final List<Step> STEPS =
      List.of(
          new Step("migrate"),
          new Step("users add", "alice", "--ou", "it"),
          new Step("users change", "alice", "--email", "a@example.org"),
          new Step("users list"),
          new Step("users rename", "alice", "bob"),
          new Step("users deactivate", "bob"),
          new Step("users activate", "bob"),
          new Step("users remove", "bob"),
          new Step("projects add", "search"),
          new Step("projects list"),
          new Step("projects rename", "search", "find"),
          new Step("projects deactivate", "find"),
          new Step("projects activate", "find"),
          new Step("projects remove", "find"),
          new Step(
              "limits set", "cap", "--max", "5", "--metric", "requests", "--calendar", "1 day"),
          new Step("limits unlimited", "free", "--metric", "cost", "--user", "root"),
          new Step("limits apply", "limits.yaml"),
          new Step("limits export", "exported.yaml", "--as", "all"),
          new Step("limits list"),
          new Step("limits show", "cap"),
          new Step(
              "track",
              "--model",
              "m",
              "--user",
              "nobody",
              "--input-tokens",
              "10",
              "--output-tokens",
              "5"),
          new Step("track", "--from", "calls.jsonl"),
          new Step("check", "--model", "m"),
          new Step("explain", "--model", "m"),
          new Step("limits status"),
          new Step("stats", "--by", "model"),
          new Step("tail", "-n", "3"),
          new Step("select", "SELECT count(*) AS calls FROM usage_view"),
          new Step("export", "all.jsonl"),
          new Step("import", "all.jsonl"),
          new Step("backup", "copy.db"),
          new Step("denials"),
          new Step("alerts"),
          new Step("log-event", "deployed"),
          new Step("audit list"),
          new Step("audit verify"),
          new Step("audit head"),
          new Step("purge", "--before", "2020-01-01", "--dry-run"),
          new Step("reconcile", "costs.csv"),
          new Step("prices add", "added.json", "--model", "m", "--input", "1", "--output", "2"),
          new Step("prices list", "--model", "gpt-5"),
          new Step("prices explain", "--model", "gpt-5-mini", "--input-tokens", "10"),
          new Step("prices check", "prices.json"),
          new Step("reprice", "--dry-run"),
          new Step("purge", "--before", "2020-01-01", "--yes"),
          new Step("erase", "--user", "nobody", "--dry-run"),
          new Step("rebuild"),
          new Step("verify"),
          new Step("limits delete", "cap"),
          new Step("health", "--spool", "waiting"),
          new Step("spool list", "--spool", "waiting"),
          new Step("spool replay", "--spool", "waiting"),
          new Step("spool dead-letters", "--spool", "waiting"),
          new Step("completion"));

  private EveryCommand() {}

  /**
   * A command.
   *
   * @param command its name
   * @param arguments what follows
   */
  public record Step(String command, List<String> arguments) {
    /** A command with these arguments. */
    public Step(String command, String... arguments) {
      this(command, List.of(arguments));
    }

    /** All that is typed. */
    public List<String> words() {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.addAll(arguments);
      return words;
    }
  }

  /** Writes the files that the commands read. */
  public static void writeFiles(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("waiting"));
    Files.writeString(folder.resolve("calls.jsonl"), "{\"model\":\"m\",\"cost\":\"0.5\"}\n");
    Files.writeString(
        folder.resolve("limits.yaml"),
        "set: code\nlimits:\n  - {name: month, metric: total-tokens, max: 5000000, calendar: 1 month}\n");
    Files.writeString(
        folder.resolve("costs.csv"),
        "start_time,amount_value,amount_currency,line_item\n1772323200,0.5,usd,\n");
    Files.writeString(
        folder.resolve("prices.json"),
        "{\"format\": 1, \"prices\": [{\"id\": \"a\", \"models\": [\"m\"], \"input\": 1,"
            + " \"output\": 2}]}");
  }
}
