package io.llmaccounting.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of the result: ours beside the baseline.
 *
 * @param name what was done, stable from release to release
 * @param subject how we did it
 * @param baseline what it is compared with
 * @param target what is wanted
 * @param value what was found, in the target's unit
 * @param ours the median run of ours
 * @param theirs the median run of the baseline
 * @param note what limits it, or what the data was; may be empty
 */
record Comparison(
    String name,
    String subject,
    String baseline,
    Target target,
    double value,
    Measured ours,
    Measured theirs,
    String note) {

  /**
   * What is wanted of a value.
   *
   * @param atLeast whether more is better
   * @param bound the worst value that is good enough; NaN where nothing is promised
   * @param unit what the value is
   */
  record Target(boolean atLeast, double bound, String unit) {
    static Target atLeast(double bound) {
      return new Target(true, bound, "× throughput");
    }

    static Target atMost(double bound) {
      return new Target(false, bound, "× time");
    }

    boolean met(double value) {
      return Double.isNaN(bound) || (atLeast ? value >= bound : value <= bound);
    }

    @Override
    public String toString() {
      return Double.isNaN(bound)
          ? "–"
          : "%s %s %s".formatted(atLeast ? "≥" : "≤", number(bound), unit);
    }
  }

  boolean met() {
    return target.met(value);
  }

  /** The same, read off something else than throughput. */
  Comparison withValue(double other) {
    return new Comparison(name, subject, baseline, target, other, ours, theirs, note);
  }

  /** Runs both in turn, so that what disturbs one disturbs the other, and takes the medians. */
  static Comparison alternating(Names names, Target target, int rounds, Side ours, Side theirs)
      throws Exception {
    List<Measured> us = new ArrayList<>();
    List<Measured> them = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      if (round % 2 == 0) {
        them.add(theirs.run());
        us.add(ours.run());
      } else {
        us.add(ours.run());
        them.add(theirs.run());
      }
    }
    return of(names, target, Measured.median(us), Measured.median(them));
  }

  static Comparison of(Names names, Target target, Measured ours, Measured theirs) {
    double value =
        target.atLeast()
            ? ours.perSecond() / theirs.perSecond()
            : theirs.perSecond() / ours.perSecond();
    return new Comparison(
        names.name(), names.subject(), names.baseline(), target, value, ours, theirs, names.note());
  }

  /** What a comparison is called. */
  record Names(String name, String subject, String baseline, String note) {
    Names(String name, String subject, String baseline) {
      this(name, subject, baseline, "");
    }
  }

  /** Runs one side once. */
  @FunctionalInterface
  interface Side {
    Measured run() throws Exception;
  }

  static String number(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return String.format(Locale.ROOT, "%,d", (long) value);
    }
    return String.format(
        Locale.ROOT, value >= 1_000 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }
}
