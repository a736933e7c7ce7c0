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
 * What two reports of one call make together. The better figures count: those that a provider
 * reported before those of a broken stream, these before estimates, these before none; of two of
 * one kind those with more tokens, then with the higher cost. The outcome that says more counts:
 * SUCCEEDED before FAILED before CANCELLED before UNFINISHED. Both are maxima, so that the order in
 * which reports arrive makes no difference, nor does repeating one.
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

  /** True if both are of one call, and one of them may be followed by the other. */
  static boolean concerns(RecordedUsage stored, Usage next) {
    Usage usage = stored.usage();
    // the same again, but of another time, is another call
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

  // of two stated costs of the same tokens neither is the better one
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

  /** What the ledger writes of it; null where what is stored says all already. */
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

  // what was computed, and by which rule it counts, is not what was told
  private static boolean isSame(CallFigures one, CallFigures other) {
    return Objects.equals(one.tokens(), other.tokens())
        && one.source() == other.source()
        && one.extras().equals(other.extras())
        && Objects.equals(one.givenCost(), other.givenCost())
        && Objects.equals(one.reportedCost(), other.reportedCost())
        && one.outcome() == other.outcome();
  }
}
