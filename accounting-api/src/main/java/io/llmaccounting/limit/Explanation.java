package io.llmaccounting.limit;

import java.util.List;

/**
 * Why a call is admitted or denied.
 *
 * @param decision what the decision would be now
 * @param limits every limit that is defined, by name
 */
public record Explanation(Decision decision, List<Verdict> limits) {
  /** Copies the list. */
  public Explanation {
    limits = List.copyOf(limits);
  }

  /** What a limit does about the call. */
  public enum Effect {
    /** The limit watches the call. */
    APPLIES,
    /** The limit would watch the call, but an exemption lifts it. */
    LIFTED,
    /** The limit is an exemption that watches the call. */
    EXEMPTS,
    /** The limit watches other calls. */
    DOES_NOT_WATCH
  }

  /**
   * One limit's part.
   *
   * @param limit the limit
   * @param effect what it does about the call
   * @param because one sentence for people: the match that fails, the exemption that lifts it, or
   *     how its counter stands
   */
  public record Verdict(Limit limit, Effect effect, String because) {}
}
