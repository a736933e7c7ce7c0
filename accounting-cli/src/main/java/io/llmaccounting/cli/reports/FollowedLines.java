package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Known;
import io.llmaccounting.cli.console.Legible;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints calls one by one, at once: a line each for people, an object a line in JSON, a line each
 * in CSV. For one thread.
 */
final class FollowedLines implements Consumer<RecordedUsage>, AutoCloseable {
  private final Run run;
  private final @Nullable Sheet lines;

  FollowedLines(Run run) {
    this.run = run;
    this.lines = run.globals().format() == Format.CSV ? run.rows(TailColumns.ALL) : null;
  }

  @Override
  public void accept(RecordedUsage record) {
    if (lines != null) {
      lines.row(TailColumns.all(record));
    } else if (run.globals().format() == Format.JSON) {
      try (Sheet sheet = run.record(TailColumns.ALL)) {
        sheet.row(TailColumns.all(record));
      }
    } else {
      run.console().out().println(line(record));
    }
  }

  /** Whether somebody still reads; hands on what was printed. */
  boolean isRead() {
    return !run.console().out().checkError();
  }

  /** One line for people; columns cannot be measured before their rows are there. */
  private String line(RecordedUsage record) {
    Usage usage = record.usage();
    TokenUsage tokens = usage.tokens();
    Duration latency = usage.details().latency();
    StringBuilder line = new StringBuilder();
    line.append(Legible.time(usage.occurredAt(), run.globals().zone()));
    line.append("  ").append(Escaped.line(usage.model()));
    append(line, "project ", usage.attribution().project());
    append(line, "user ", usage.attribution().user());
    append(line, "", tokens == null ? null : text(tokens, usage.source()));
    append(line, "", cost(record));
    append(line, "", latency == null ? null : Legible.duration(latency));
    append(line, "", usage.outcome().name().toLowerCase(Locale.ROOT));
    return line.toString();
  }

  private static @Nullable String cost(RecordedUsage record) {
    String mark = record.costIsLowerBound() ? Known.AT_LEAST : "";
    return record.cost().map(cost -> mark + Legible.cost(cost)).orElse(null);
  }

  private static String text(TokenUsage tokens, TokenSource source) {
    String mark = source == TokenSource.PARTIAL ? Known.AT_LEAST : "";
    return mark
        + Legible.number(tokens.input())
        + "+"
        + Legible.number(tokens.output())
        + " tokens";
  }

  private static void append(StringBuilder line, String before, @Nullable String value) {
    if (value != null) {
      line.append("  ").append(before).append(Escaped.line(value));
    }
  }

  @Override
  public void close() {
    if (lines != null) {
      lines.close();
    }
  }
}
