package io.llmaccounting.json;

import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import java.io.IOException;
import java.util.Objects;

/** Refused reserves and fired alerts as lines; amounts are in the limit's unit. */
public final class EventLine {
  private EventLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, DenialCount denial) throws IOException {
    to.begin("denial")
        .text("limit", denial.limit())
        .text("subject", denial.subject())
        .time("minute", denial.minute())
        .number("count", denial.count())
        .number("last_requested", isUnknown(denial) ? null : denial.lastRequested())
        .text("last_reason", denial.lastReason())
        .end();
  }

  /**
   * Reads a line of refused reserves.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static DenialCount denial(JsonFields line) {
    line.requireKind("denial");
    DenialCount denial =
        new DenialCount(
            line.text("limit"),
            line.text("subject"),
            line.instant("minute"),
            line.number("count"),
            Objects.requireNonNullElse(line.optionalNumber("last_requested"), 0L),
            line.text("last_reason"));
    if (!denial.isLastUnpriced()) {
      long unused = line.number("last_requested");
    }
    line.requireNoOthers();
    return denial;
  }

  private static boolean isUnknown(DenialCount denial) {
    return denial.isLastUnpriced() && denial.lastRequested() == 0;
  }

  /** Writes a line. */
  public static void write(JsonWriter to, Alert alert, boolean delivered) throws IOException {
    to.begin("alert")
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

  /**
   * Reads a line of a fired alert; {@link #isDelivered} reads whether it was delivered.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static Alert alert(JsonFields line) {
    line.requireKind("alert");
    line.flag("delivered");
    Alert alert =
        new Alert(
            line.id("id"),
            line.text("limit"),
            line.text("subject"),
            (int) line.number("percent", 0, Integer.MAX_VALUE),
            line.instant("fired_at"),
            line.number("used"),
            line.number("maximum"));
    line.requireNoOthers();
    return alert;
  }

  /** Whether the alert of a line was delivered. */
  public static boolean isDelivered(JsonFields line) {
    return line.flag("delivered");
  }
}
