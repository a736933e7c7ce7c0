package io.llmaccounting.cli.reports;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Console;
import io.llmaccounting.cli.console.Durations;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Format;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prints calls as they are recorded, each once, oldest first: a line each for people, an object a
 * line in JSON, a line each in CSV. For one thread.
 */
final class Following {
  private final Run run;
  private final Pause pause;

  /** What happens between two looks. */
  @FunctionalInterface
  interface Pause {
    /** Waits; false to end. */
    boolean goOn();
  }

  Following(Run run, Pause pause) {
    this.run = run;
    this.pause = pause;
  }

  /** Prints the last {@code count}, then what comes, until the pause ends it or nobody reads. */
  void print(UsageFilter filter, int count) {
    Console console = run.console();
    Newcomers newcomers = new Newcomers(run.accounting(), filter);
    newcomers.look(console.clock().instant());
    List<RecordedUsage> latest =
        count == 0 ? List.of() : new ArrayList<>(run.accounting().tail(filter, count));
    newcomers.shown(latest);
    List<RecordedUsage> oldestFirst = new ArrayList<>(latest);
    Collections.reverse(oldestFirst);
    boolean csv = run.globals().format() == Format.CSV;
    try (Sheet lines = csv ? run.rows(TailColumns.ALL) : null) {
      List<RecordedUsage> next = oldestFirst;
      do {
        for (RecordedUsage record : next) {
          print(lines, record);
        }
        if (console.out().checkError() || !pause.goOn()) {
          return;
        }
        next = newcomers.look(console.clock().instant());
      } while (true);
    }
  }

  private void print(@Nullable Sheet lines, RecordedUsage record) {
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

  /** One line for people; columns cannot be measured before their rows are there. */
  private String line(RecordedUsage record) {
    Usage usage = record.usage();
    TokenUsage tokens = usage.tokens();
    Duration latency = usage.details().latency();
    StringBuilder line = new StringBuilder();
    line.append(
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            usage.occurredAt().atZone(run.globals().zone())));
    line.append("  ").append(Escaped.line(usage.model()));
    append(line, "project ", usage.attribution().project());
    append(line, "user ", usage.attribution().user());
    append(line, "", tokens == null ? null : tokens.input() + "+" + tokens.output() + " tokens");
    append(line, "", record.cost().map(Object::toString).orElse(null));
    append(line, "", latency == null ? null : Durations.text(latency));
    append(line, "", usage.outcome().name().toLowerCase(Locale.ROOT));
    return line.toString();
  }

  private static void append(StringBuilder line, String before, @Nullable String value) {
    if (value != null) {
      line.append("  ").append(before).append(Escaped.line(value));
    }
  }
}
