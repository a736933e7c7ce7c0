package io.llmaccounting.cli.calls;

import io.llmaccounting.cli.command.Run;
import io.llmaccounting.cli.console.Column;
import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.PlainWords;
import io.llmaccounting.cli.console.Sheet;
import io.llmaccounting.cli.console.Shown;
import io.llmaccounting.cli.console.Tone;
import io.llmaccounting.cli.limits.Amounts;
import io.llmaccounting.json.DurationText;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints what was decided about a call, limit by limit. */
final class Decisions {
  private static final List<Column> COLUMNS =
      List.of(
          Column.text("limit"),
          Column.text("subject").asSpare(),
          Column.text("verdict"),
          Column.text("metric").asSpare(),
          Column.amount("maximum"),
          Column.amount("used"),
          Column.amount("held").asSpare(),
          Column.amount("remaining").titled("left"),
          Column.amount("requested").asSpare(),
          Column.time("fits_at").asSpare());

  private enum Verdict {
    ADMITTED(Tone.GOOD),
    WARNED(Tone.WARNING),
    EXCEEDED(Tone.BAD),
    UNPRICED(Tone.BAD),
    OUTAGE(Tone.BAD);

    private final Tone tone;

    Verdict(Tone tone) {
      this.tone = tone;
    }
  }

  private Decisions() {}

  /** Prints every limit that was asked; returns the exit code. */
  static int print(Run run, Decision decision, String model) {
    try (Sheet sheet = run.rows(COLUMNS)) {
      if (decision instanceof Decision.Denied denied) {
        denied.exceeded().forEach(exceeded -> print(sheet, exceeded, null));
      } else if (decision instanceof Decision.Admitted admitted) {
        admitted.warnings().forEach(exceeded -> print(sheet, exceeded, Verdict.WARNED));
        admitted.limits().stream()
            .filter(status -> !status.limit().isExemption())
            .filter(
                status -> admitted.warnings().stream().noneMatch(w -> w.status().equals(status)))
            .forEach(status -> print(sheet, status, Verdict.ADMITTED, null, null));
      }
    }
    return conclude(run, decision, model);
  }

  /** Says what was decided about a call to {@code model}; returns the exit code. */
  static int conclude(Run run, Decision decision, String model) {
    if (decision instanceof Decision.Denied denied) {
      run.console().out().flush();
      for (Exceeded exceeded : denied.exceeded()) {
        run.console()
            .err()
            .println(
                run.inTone(Tone.BAD, "denied: ")
                    + Escaped.line(PlainWords.in(exceeded.toString())));
      }
      run.console()
          .err()
          .println(
              lacksPrice(denied)
                  ? MissingPrice.ofCall(run, model, null)
                  : denied
                      .retryAfter()
                      .map(Decisions::wait)
                      .orElse(
                          denied.neverFits()
                              ? "It never fits: ask for less, or raise the limit."
                              : "Try again when a call under way has ended."));
      return Exit.DENIED;
    }
    return Exit.DONE;
  }

  private static boolean lacksPrice(Decision.Denied denied) {
    return denied.exceeded().stream().anyMatch(one -> one.reason() == Exceeded.Reason.UNPRICED);
  }

  private static String wait(Duration wait) {
    Duration whole = Duration.ofSeconds(wait.plusSeconds(1).minusNanos(1).toSeconds());
    return "Try again in "
        + DurationText.of(whole).replaceAll("(?<=[a-z])(?=\\d)", " ")
        + ", when it fits if nothing else happens.";
  }

  private static void print(Sheet sheet, Exceeded exceeded, @Nullable Verdict given) {
    Verdict reason =
        switch (exceeded.reason()) {
          case SPENT -> Verdict.EXCEEDED;
          case UNPRICED -> Verdict.UNPRICED;
          case OUTAGE -> Verdict.OUTAGE;
        };
    print(
        sheet,
        exceeded.status(),
        given == null ? reason : given,
        exceeded.reason() == Exceeded.Reason.UNPRICED ? null : Long.valueOf(exceeded.requested()),
        exceeded.fits());
  }

  private static void print(
      Sheet sheet,
      LimitStatus status,
      Verdict verdict,
      @Nullable Long requested,
      @Nullable Instant fits) {
    Metric metric = status.limit().metric();
    sheet.row(
        status.limit().name(),
        Amounts.subject(status.subject()),
        Shown.in(verdict.tone, verdict),
        metric,
        Amounts.of(metric, status.limit().maximum()),
        Amounts.of(metric, status.used()),
        Amounts.of(metric, status.held()),
        Amounts.left(status),
        requested == null ? null : Amounts.of(metric, requested),
        fits);
  }
}
