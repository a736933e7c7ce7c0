package io.llmaccounting.cli.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.cli.command.AccountingCommand;
import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.command.Times;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists entries. */
@Command(
    name = "list",
    description = "List entries, newest first. Tables leave their texts out; JSON and CSV do not.",
    footer = {
      "llm-accounting audit list --type admin -n 20",
      "llm-accounting audit list --user alice --from 2026-03-01 --format json"
    })
final class ListEntries extends AccountingCommand {
  private static final int PAGE = 500;

  private static final List<Column> SHORT =
      List.of(
          Column.id("id").asSpare(),
          Column.time("at"),
          Column.text("type"),
          Column.text("actor").asSpare(),
          Column.text("outcome").asSpare(),
          Column.text("model").asSpare(),
          Column.text("project").asSpare(),
          Column.text("user").asSpare(),
          Column.text("caller").asSpare(),
          Column.text("session").asSpare(),
          Column.map("attributes"));

  @Option(names = "--type", paramLabel = "WORD", description = "Only entries of this type.")
  @Nullable String type;

  @Option(names = "--from", paramLabel = "TIME", description = "Only from this time on.")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only before this time.")
  @Nullable String to;

  @Option(names = "--project", paramLabel = "NAME", description = "Only of this project.")
  @Nullable String project;

  @Option(names = "--user", paramLabel = "NAME", description = "Only of this user.")
  @Nullable String user;

  @Option(names = "--caller", paramLabel = "NAME", description = "Only of this application.")
  @Nullable String caller;

  @Option(names = "--model", paramLabel = "NAME", description = "Only about this model.")
  @Nullable String model;

  @Option(names = "--session", paramLabel = "NAME", description = "Only of this session.")
  @Nullable String session;

  @Option(names = "--usage", paramLabel = "ID", description = "Only about this usage record.")
  @Nullable UUID usage;

  @Option(names = "--after", paramLabel = "ID", description = "Only what follows this entry.")
  @Nullable UUID after;

  @Option(names = "-n", paramLabel = "COUNT", description = "At most so many. Default: 50.")
  int count = 50;

  @Override
  protected int run(Run run) {
    if (count < 1) {
      throw new IllegalArgumentException("-n must be at least 1, was " + count);
    }
    TimeRange all = TimeRange.always();
    Instant begin = from == null ? all.from() : Times.parse("--from", from, run.globals().zone());
    Instant end = to == null ? all.to() : Times.parse("--to", to, run.globals().zone());
    boolean isShort = run.globals().format() == Format.TABLE;
    try (Sheet sheet = run.rows(isShort ? SHORT : columns())) {
      int left = count;
      UUID last = after;
      while (left > 0) {
        int limit = Math.min(left, PAGE);
        List<AuditEntry> page = run.accounting().audit().find(query(begin, end, last, limit));
        page.forEach(entry -> print(sheet, entry, isShort));
        left = page.size() < limit ? 0 : left - page.size();
        last = page.isEmpty() ? last : page.get(page.size() - 1).id();
      }
    }
    return Exit.DONE;
  }

  private AuditQuery query(Instant begin, Instant end, @Nullable UUID last, int limit) {
    return new AuditQuery(
        new TimeRange(begin, end), type, caller, project, user, model, session, usage, last, limit);
  }

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>(SHORT);
    columns.add(Column.text("usage_id"));
    columns.add(Column.text("response_id"));
    columns.add(Column.text("prompt"));
    columns.add(Column.text("response"));
    columns.add(Column.map("marks"));
    return columns;
  }

  private static void print(Sheet sheet, AuditEntry entry, boolean isShort) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(entry.id());
    values.add(entry.at());
    values.add(entry.type());
    values.add(entry.actor());
    values.add(entry.outcome());
    values.add(entry.model());
    values.add(entry.attribution().project());
    values.add(entry.attribution().user());
    values.add(entry.attribution().caller());
    values.add(entry.attribution().session());
    values.add(entry.attributes());
    if (!isShort) {
      values.add(entry.usageId());
      values.add(entry.responseId());
      values.add(entry.prompt());
      values.add(entry.response());
      values.add(entry.marks());
    }
    sheet.row(values.toArray());
  }
}
