package io.llmaccounting.usage;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call consumed and cost, as known at one time: the part of a record that better figures
 * replace. The rules are those of {@link Usage}, which checks them.
 *
 * @param tokens the tokens, null exactly when {@code source} is MISSING
 * @param source where the token figures come from
 * @param extras counts of what is billed apart from tokens
 * @param parts parts with a model and tokens of their own
 * @param givenCost the cost that the caller stated, or null
 * @param reportedCost what the seller that bills says it cost, or null
 * @param computedCost the cost computed from prices, or null
 * @param costPolicy which of the reported and the computed cost counts
 * @param outcome how the call ended
 */
public record CallFigures(
    @Nullable TokenUsage tokens,
    TokenSource source,
    Map<String, Long> extras,
    List<CallPart> parts,
    @Nullable Cost givenCost,
    @Nullable Cost reportedCost,
    @Nullable PricedCost computedCost,
    ReportedCostPolicy costPolicy,
    Outcome outcome) {
  /** Checks that what is required is there, and copies the rest. */
  public CallFigures {
    Objects.requireNonNull(source, "source is required, was null");
    Objects.requireNonNull(costPolicy, "costPolicy is required, was null");
    Objects.requireNonNull(outcome, "outcome is required, was null");
    extras = Map.copyOf(extras);
    parts = List.copyOf(parts);
  }

  /** The figures of {@code usage}. */
  public static CallFigures of(Usage usage) {
    return new CallFigures(
        usage.tokens(),
        usage.source(),
        usage.extras(),
        usage.parts(),
        usage.givenCost(),
        usage.reportedCost(),
        usage.computedCost(),
        usage.costPolicy(),
        usage.outcome());
  }

  /**
   * Returns a copy with other tokens; {@code other} is null exactly when {@code from} is MISSING.
   */
  public CallFigures withTokens(@Nullable TokenUsage other, TokenSource from) {
    return new CallFigures(
        other, from, extras, parts, givenCost, reportedCost, computedCost, costPolicy, outcome);
  }

  /** Returns a copy with another outcome. */
  public CallFigures withOutcome(Outcome other) {
    return new CallFigures(
        tokens, source, extras, parts, givenCost, reportedCost, computedCost, costPolicy, other);
  }

  /**
   * True if better figures may follow, because no provider reported these, or because nobody knows
   * how the call ended.
   */
  public boolean areProvisional() {
    return source != TokenSource.REPORTED || outcome == Outcome.UNFINISHED;
  }
}
