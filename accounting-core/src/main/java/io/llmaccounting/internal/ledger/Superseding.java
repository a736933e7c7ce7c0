package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.usage.CallFigures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Joins two reports of one call. The better figures count: figures that a provider reported before
 * those of a broken stream, these before estimates, and estimates before none; of two of one kind
 * the figures with more tokens, then with the higher cost. The outcome that says more counts:
 * SUCCEEDED before FAILED before CANCELLED before UNFINISHED. Both are maxima, so that neither the
 * order in which reports arrive nor repeating one makes a difference.
 */
final class Superseding {
  private static final List<TokenSource> SOURCES =
      List.of(
          TokenSource.MISSING, TokenSource.ESTIMATED, TokenSource.PARTIAL, TokenSource.REPORTED);
  private static final List<Outcome> OUTCOMES =
      List.of(Outcome.UNFINISHED, Outcome.CANCELLED, Outcome.FAILED, Outcome.SUCCEEDED);
  private static final Comparator<CallFigures> BY_QUALITY =
      Comparator.<CallFigures>comparingInt(figures -> SOURCES.indexOf(figures.source()))
          .thenComparingLong(figures -> total(figures.tokens()))
          .thenComparingLong(figures -> nanos(figures));

  private Superseding() {}

  private static long total(@Nullable TokenUsage tokens) {
    return tokens == null ? -1 : tokens.total();
  }

  private static long nanos(CallFigures figures) {
    Cost cost = figures.givenCost() != null ? figures.givenCost() : figures.reportedCost();
    return cost == null ? -1 : cost.nanos();
  }

  /** True if both reports are of one call, and {@code next} may follow what is stored. */
  static boolean concerns(RecordedUsage stored, Usage next) {
    Usage usage = stored.usage();
    // a report of the same content with another time is another call
    return !next.describesSameCallAs(usage)
        && usage.model().equals(next.model())
        && Objects.equals(usage.provider(), next.provider())
        && Objects.equals(usage.operation(), next.operation())
        && usage.attribution().equals(next.attribution())
        && (next.key() == null || next.key().equals(usage.key()))
        && mayFollow(stored, CallFigures.of(next));
  }

  private static boolean mayFollow(RecordedUsage stored, CallFigures told) {
    CallFigures known = stored.currentFigures();
    boolean provisional = known.areProvisional() || told.areProvisional();
    return (provisional && !contradict(known, told))
        || (stored.figures() != null && isSame(known, told));
  }

  // where two costs are stated for the same tokens, neither is better
  private static boolean contradict(CallFigures one, CallFigures other) {
    return one.source() == other.source()
        && Objects.equals(one.tokens(), other.tokens())
        && one.outcome() != Outcome.UNFINISHED
        && other.outcome() != Outcome.UNFINISHED
        && (differ(one.givenCost(), other.givenCost())
            || differ(one.reportedCost(), other.reportedCost()));
  }

  private static boolean differ(@Nullable Cost one, @Nullable Cost other) {
    return one != null && other != null && !one.equals(other);
  }

  /** The adjustment that the ledger writes; null where the stored record needs none. */
  static @Nullable Adjustment of(RecordedUsage stored, Usage next) {
    CallFigures known = stored.currentFigures();
    CallFigures told = CallFigures.of(next);
    boolean better = BY_QUALITY.compare(told, known) > 0;
    Outcome outcome =
        OUTCOMES.indexOf(told.outcome()) > OUTCOMES.indexOf(known.outcome())
            ? told.outcome()
            : known.outcome();
    if (better) {
      return Adjustment.ofFigures(stored, told.withOutcome(outcome));
    }
    return outcome == known.outcome()
        ? null
        : new Adjustment(stored, stored.adjustment(), known.withOutcome(outcome));
  }

  // a computed cost, and the rule by which it counts, are not part of what was told
  private static boolean isSame(CallFigures one, CallFigures other) {
    return Objects.equals(one.tokens(), other.tokens())
        && one.source() == other.source()
        && one.extras().equals(other.extras())
        && Objects.equals(one.givenCost(), other.givenCost())
        && Objects.equals(one.reportedCost(), other.reportedCost())
        && one.outcome() == other.outcome();
  }
}
