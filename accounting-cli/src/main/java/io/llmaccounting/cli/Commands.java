package io.llmaccounting.cli;

import io.llmaccounting.cli.audit.AuditCommand;
import io.llmaccounting.cli.audit.LogEventCommand;
import io.llmaccounting.cli.calls.CheckCommand;
import io.llmaccounting.cli.calls.ExplainCommand;
import io.llmaccounting.cli.calls.ReleaseCommand;
import io.llmaccounting.cli.calls.ReserveCommand;
import io.llmaccounting.cli.calls.SettleCommand;
import io.llmaccounting.cli.calls.TrackCommand;
import io.llmaccounting.cli.directory.ProjectsCommand;
import io.llmaccounting.cli.directory.UsersCommand;
import io.llmaccounting.cli.limits.AlertsCommand;
import io.llmaccounting.cli.limits.DenialsCommand;
import io.llmaccounting.cli.limits.LimitsCommand;
import io.llmaccounting.cli.prices.PricesCommand;
import io.llmaccounting.cli.reconcile.ReconcileCommand;
import io.llmaccounting.cli.reports.StatsCommand;
import io.llmaccounting.cli.reports.TailCommand;
import io.llmaccounting.cli.retention.EraseCommand;
import io.llmaccounting.cli.retention.PurgeCommand;
import io.llmaccounting.cli.select.SelectCommand;
import io.llmaccounting.cli.spool.HealthCommand;
import io.llmaccounting.cli.spool.SpoolCommand;
import io.llmaccounting.cli.transfer.BackupCommand;
import io.llmaccounting.cli.transfer.ExportCommand;
import io.llmaccounting.cli.transfer.ImportCommand;
import io.llmaccounting.cli.upkeep.MigrateCommand;
import io.llmaccounting.cli.upkeep.RebuildCommand;
import io.llmaccounting.cli.upkeep.RepriceCommand;
import io.llmaccounting.cli.upkeep.VerifyCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** Every command, in the order in which help lists them. A new one is a line here. */
final class Commands {
  private static final List<Entry> ALL =
      List.of(
          new Entry("Record and ask", "track", TrackCommand::new),
          new Entry("Record and ask", "check", CheckCommand::new),
          new Entry("Record and ask", "reserve", ReserveCommand::new),
          new Entry("Record and ask", "settle", SettleCommand::new),
          new Entry("Record and ask", "release", ReleaseCommand::new),
          new Entry("Record and ask", "explain", ExplainCommand::new),
          new Entry("See what was used", "stats", StatsCommand::new),
          new Entry("See what was used", "tail", TailCommand::new),
          new Entry("See what was used", "select", SelectCommand::new),
          new Entry("See what was used", "denials", DenialsCommand::new),
          new Entry("See what was used", "alerts", AlertsCommand::new),
          new Entry("Set up", "limits", LimitsCommand::new),
          new Entry("Set up", "prices", PricesCommand::new),
          new Entry("Set up", "projects", ProjectsCommand::new),
          new Entry("Set up", "users", UsersCommand::new),
          new Entry("Keep it right", "health", HealthCommand::new),
          new Entry("Keep it right", "spool", SpoolCommand::new),
          new Entry("Keep it right", "audit", AuditCommand::new),
          new Entry("Keep it right", "log-event", LogEventCommand::new),
          new Entry("Keep it right", "verify", VerifyCommand::new),
          new Entry("Keep it right", "rebuild", RebuildCommand::new),
          new Entry("Keep it right", "reprice", RepriceCommand::new),
          new Entry("Keep it right", "reconcile", ReconcileCommand::new),
          new Entry("Keep and move data", "backup", BackupCommand::new),
          new Entry("Keep and move data", "export", ExportCommand::new),
          new Entry("Keep and move data", "import", ImportCommand::new),
          new Entry("Keep and move data", "purge", PurgeCommand::new),
          new Entry("Keep and move data", "erase", EraseCommand::new),
          new Entry("Keep and move data", "migrate", MigrateCommand::new),
          new Entry("The tool itself", "completion", CompletionCommand::new));

  private interface Maker {
    Object make();
  }

  private record Entry(String group, String name, Maker maker) {}

  private Commands() {}

  /** The names by what they are for, in the order in which help lists them. */
  static Map<String, List<String>> groups() {
    return ALL.stream()
        .collect(
            Collectors.groupingBy(
                Entry::group,
                LinkedHashMap::new,
                Collectors.mapping(Entry::name, Collectors.toList())));
  }

  static List<String> names() {
    return ALL.stream().map(Entry::name).toList();
  }

  static void addAll(CommandLine root) {
    ALL.forEach(entry -> root.addSubcommand(entry.name(), entry.maker().make()));
  }

  /** Adds the command of this name alone. */
  static void add(CommandLine root, String name) {
    ALL.stream()
        .filter(entry -> entry.name().equals(name))
        .forEach(entry -> root.addSubcommand(name, entry.maker().make()));
  }
}
