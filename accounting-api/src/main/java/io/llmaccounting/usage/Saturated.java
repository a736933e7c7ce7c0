package io.llmaccounting.usage;

/**
 * Sums that never overflow: what no long can hold stays at {@link Long#MAX_VALUE}, or at minus that
 * where it is negative, and means that much or more.
 */
public final class Saturated {
  private Saturated() {}

  /** The sum of both, at most {@link Long#MAX_VALUE} and at least minus that. */
  public static long sum(long one, long other) {
    if (other > 0) {
      return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
    return one < -Long.MAX_VALUE - other ? -Long.MAX_VALUE : one + other;
  }
}
