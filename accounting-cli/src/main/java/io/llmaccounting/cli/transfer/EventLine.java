package io.llmaccounting.cli.transfer;

import io.llmaccounting.cli.lines.JsonFields;
import io.llmaccounting.cli.lines.JsonWriter;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import java.io.IOException;

/** Refused reserves and fired alerts as lines; amounts are in the limit's unit. */
final class EventLine {
  private EventLine() {}

  static void write(JsonWriter to, DenialCount denial) throws IOException {
    to.begin(Kind.DENIAL.word())
        .text("limit", denial.limit())
        .text("subject", denial.subject())
        .time("minute", denial.minute())
        .number("count", denial.count())
        .number("last_requested", denial.lastRequested())
        .text("last_reason", denial.lastReason())
        .end();
  }

  static DenialCount denial(JsonFields line) {
    return new DenialCount(
        line.text("limit"),
        line.text("subject"),
        line.instant("minute"),
        line.number("count"),
        line.number("last_requested"),
        line.text("last_reason"));
  }

  static void write(JsonWriter to, Alert alert, boolean delivered) throws IOException {
    to.begin(Kind.ALERT.word())
        .text("id", alert.id())
        .text("limit", alert.limit())
        .text("subject", alert.subject())
        .number("percent", alert.percent())
        .time("fired_at", alert.firedAt())
        .number("used", alert.used())
        .number("maximum", alert.maximum())
        .flag("delivered", delivered)
        .end();
  }

  static Alert alert(JsonFields line) {
    return new Alert(
        line.id("id"),
        line.text("limit"),
        line.text("subject"),
        Math.toIntExact(line.number("percent")),
        line.instant("fired_at"),
        line.number("used"),
        line.number("maximum"));
  }
}
