package io.llmaccounting.json;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.usage.TimeRange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about a call, as a line. Amounts are in the unit of their limit: nano-dollars,
 * tokens, thousandths of weighted tokens, calls.
 */
public final class DecisionLine {
  private static final String KIND = "decision";

  private DecisionLine() {}

  /** Writes a line. */
  public static void write(JsonWriter to, Decision decision) throws IOException {
    to.begin(KIND).flag("admitted", decision.isAdmitted());
    if (decision instanceof Decision.Denied denied) {
      to.time("at", denied.at());
      write(to, "exceeded", denied.exceeded());
    } else if (decision instanceof Decision.Admitted admitted) {
      to.beginList("limits");
      for (LimitStatus status : admitted.limits()) {
        to.beginObject();
        write(to, status);
        to.endObject();
      }
      to.endList();
      write(to, "warnings", admitted.warnings());
    }
    to.end();
  }

  private static void write(JsonWriter to, String name, List<Exceeded> list) throws IOException {
    to.beginList(name);
    for (Exceeded exceeded : list) {
      to.beginObject()
          .word("reason", exceeded.reason())
          .number("requested", isUnknown(exceeded) ? null : exceeded.requested())
          .count("guessed", exceeded.guessed())
          .time("fits", exceeded.fits());
      to.beginObject("status");
      write(to, exceeded.status());
      to.endObject().endObject();
    }
    to.endList();
  }

  private static boolean isUnknown(Exceeded exceeded) {
    return exceeded.reason() == Exceeded.Reason.UNPRICED && exceeded.requested() == 0;
  }

  private static void write(JsonWriter to, LimitStatus status) throws IOException {
    TimeRange window = status.currentWindow();
    to.beginObject("limit");
    LimitLine.writeFields(to, status.limit());
    to.endObject()
        .text("subject", status.subject().isEmpty() ? null : status.subject())
        .time("at", status.at())
        .number("used", status.used())
        .number("held", status.held())
        .time("from", window == null ? null : window.from())
        .time("to", window == null ? null : window.to())
        .seconds("grain", status.grain().isZero() ? null : status.grain())
        .number("leased", status.leased() == 0 ? null : status.leased())
        .time("leased_until", status.leasedUntil());
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public static Decision read(JsonFields line) {
    line.requireKind(KIND);
    Decision decision =
        line.requiredFlag("admitted")
            ? new Decision.Admitted(
                line.objects("limits").stream().map(DecisionLine::status).toList(),
                exceeded(line, "warnings"))
            : new Decision.Denied(exceeded(line, "exceeded"), line.instant("at"));
    line.requireNoOthers();
    return decision;
  }

  private static List<Exceeded> exceeded(JsonFields line, String name) {
    return line.objects(name).stream().map(DecisionLine::exceeded).toList();
  }

  private static Exceeded exceeded(JsonFields fields) {
    Long guessed = fields.optionalNumber("guessed");
    Exceeded.Reason reason = fields.word("reason", Exceeded.Reason.class);
    Exceeded exceeded =
        new Exceeded(
            status(fields.object("status")),
            reason == Exceeded.Reason.UNPRICED && !fields.has("requested")
                ? 0
                : fields.number("requested"),
            reason,
            fields.optionalInstant("fits"),
            guessed == null ? 0 : guessed);
    fields.requireNoOthers();
    return exceeded;
  }

  private static LimitStatus status(JsonFields fields) {
    String subject = fields.optionalText("subject");
    Duration grain = UsageLine.seconds(fields, "grain");
    Long leased = fields.optionalNumber("leased");
    LimitStatus status =
        new LimitStatus(
            LimitLine.read(fields.object("limit")),
            subject == null ? "" : subject,
            fields.instant("at"),
            fields.number("used"),
            fields.number("held"),
            range(fields),
            grain == null ? Duration.ZERO : grain,
            leased == null ? 0 : leased,
            fields.optionalInstant("leased_until"));
    fields.requireNoOthers();
    return status;
  }

  /** The stretch of time from {@code from} to {@code to}; null where both are absent. */
  static @Nullable TimeRange range(JsonFields fields) {
    Instant from = fields.optionalInstant("from");
    Instant to = fields.optionalInstant("to");
    if ((from == null) != (to == null)) {
      throw new IllegalArgumentException(
          "from and to must be given together, were %s and %s".formatted(from, to));
    }
    return from == null || to == null ? null : new TimeRange(from, to);
  }
}
