package io.llmaccounting.cli.spool;

import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How calls of a spool are printed. */
final class SpooledCalls {
  static final List<Column> WAITING = columns(Column.time("recorded_at"), Column.flag("settles"));
  static final List<Column> DEAD = columns(Column.time("buried_at"), Column.text("reason"));

  private SpooledCalls() {}

  private static List<Column> columns(Column when, Column last) {
    return List.of(
        Column.code("position"),
        when,
        Column.id("id").asSpare(),
        Column.text("model"),
        Column.text("project").asSpare(),
        Column.text("user").asSpare(),
        Column.amount("cost"),
        last);
  }

  static void row(
      Sheet sheet, long position, Instant when, SpooledCall call, @Nullable Object last) {
    Usage usage = call.usage();
    sheet.row(
        position,
        when,
        usage.id(),
        usage.model(),
        usage.attribution().project(),
        usage.attribution().user(),
        usage.cost().orElse(null),
        last);
  }
}
