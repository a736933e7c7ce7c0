package io.llmaccounting.cli;

import io.llmaccounting.cli.audit.AuditCommand;
import io.llmaccounting.cli.audit.LogEventCommand;
import io.llmaccounting.cli.bench.BenchCommand;
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
import java.util.List;
import picocli.CommandLine;

/** Every command, in the order in which help lists them. A new one is a line here. */
final class Commands {
  private static final List<Entry> ALL =
      List.of(
          new Entry("track", TrackCommand::new),
          new Entry("stats", StatsCommand::new),
          new Entry("check", CheckCommand::new),
          new Entry("reserve", ReserveCommand::new),
          new Entry("settle", SettleCommand::new),
          new Entry("release", ReleaseCommand::new),
          new Entry("explain", ExplainCommand::new),
          new Entry("limits", LimitsCommand::new),
          new Entry("denials", DenialsCommand::new),
          new Entry("alerts", AlertsCommand::new),
          new Entry("projects", ProjectsCommand::new),
          new Entry("users", UsersCommand::new),
          new Entry("health", HealthCommand::new),
          new Entry("spool", SpoolCommand::new),
          new Entry("log-event", LogEventCommand::new),
          new Entry("audit", AuditCommand::new),
          new Entry("tail", TailCommand::new),
          new Entry("select", SelectCommand::new),
          new Entry("backup", BackupCommand::new),
          new Entry("export", ExportCommand::new),
          new Entry("import", ImportCommand::new),
          new Entry("reconcile", ReconcileCommand::new),
          new Entry("prices", PricesCommand::new),
          new Entry("reprice", RepriceCommand::new),
          new Entry("purge", PurgeCommand::new),
          new Entry("erase", EraseCommand::new),
          new Entry("verify", VerifyCommand::new),
          new Entry("rebuild", RebuildCommand::new),
          new Entry("migrate", MigrateCommand::new),
          new Entry("completion", CompletionCommand::new),
          new Entry("bench", BenchCommand::new));

  private interface Maker {
    Object make();
  }

  private record Entry(String name, Maker maker) {}

  private Commands() {}

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
