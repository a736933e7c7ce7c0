package io.llmaccounting.limit;

import java.time.Duration;

/** Which limits can be leased, and for how long. Pure. */
final class LeaseTerms {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofHours(1);
  private static final int TERMS_A_WINDOW = 10;

  private LeaseTerms() {}

  static void checkLeasable(String name, Metric metric, long maximum, LimitAction action) {
    if (maximum == Limit.UNLIMITED) {
      throw refused(name, "is an exemption, of which there is nothing to lease");
    }
    if (metric == Metric.CONCURRENT) {
      throw refused(name, "is on calls under way, which end too soon to be leased");
    }
    if (action != LimitAction.DENY) {
      throw refused(name, "only warns, and is asked nothing before a call");
    }
  }

  static void checkTerm(String name, Window window, Duration term) {
    if (term.compareTo(LEAST) < 0 || term.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "term of leases of limit \"%s\" must be from %s to %s, was %s"
              .formatted(name, LEAST, MOST, term));
    }
    if (shortest(window).compareTo(term.multipliedBy(TERMS_A_WINDOW)) < 0) {
      throw refused(
          name,
          "has a window (%s) shorter than %d terms of %s; choose a shorter term"
              .formatted(window, TERMS_A_WINDOW, term));
    }
  }

  private static IllegalArgumentException refused(String name, String why) {
    return new IllegalArgumentException(
        "limit \"%s\" cannot be leased: it %s".formatted(name, why));
  }

  /** The least time that a window lasts, whatever the clocks of its zone do. */
  private static Duration shortest(Window window) {
    if (window instanceof Window.Rolling rolling) {
      return rolling.length();
    }
    if (window instanceof Window.RollingMonths months) {
      return Duration.ofDays(28L * months.months());
    }
    if (window instanceof Window.Calendar calendar) {
      return switch (calendar.unit()) {
        case SECOND -> Duration.ofSeconds(calendar.count());
        case MINUTE -> Duration.ofMinutes(calendar.count());
        case HOUR -> Duration.ofHours(calendar.count());
        case DAY -> Duration.ofHours(22L * calendar.count());
        case WEEK -> Duration.ofDays(6L * calendar.count());
        case MONTH -> Duration.ofDays(27L * calendar.count());
        case YEAR -> Duration.ofDays(364L * calendar.count());
      };
    }
    return window instanceof Window.Lifetime ? Duration.ofSeconds(Long.MAX_VALUE) : Duration.ZERO;
  }
}
