package io.llmaccounting.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of US dollars, exact to the nano-dollar (10<sup>-9</sup> USD).
 *
 * <p>Zero means free. A cost that is not known is never a {@code Cost}: it is absent.
 *
 * @param nanos nano-dollars, 0 or more
 */
public record Cost(long nanos) implements Comparable<Cost> {
  /** Free. */
  public static final Cost ZERO = new Cost(0);

  /** The most that one call may cost: $1,000,000. */
  public static final Cost MAX_PER_CALL = new Cost(1_000_000_000_000_000L);

  private static final int SCALE = 9;

  /** Checks that the amount is not negative. */
  public Cost {
    if (nanos < 0) {
      throw new IllegalArgumentException("cost must not be negative, was " + text(nanos));
    }
  }

  /**
   * The amount that {@code dollars} says, exactly.
   *
   * @param dollars a plain decimal such as {@code "0.0379055"}
   * @throws IllegalArgumentException if it is no decimal number, negative, has more than nine
   *     decimals that matter, or exceeds what a long of nano-dollars holds
   */
  public static Cost usd(String dollars) {
    try {
      return usd(new BigDecimal(dollars));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "cost must be a decimal number of US dollars such as 0.25, was \"" + dollars + "\"", e);
    }
  }

  /**
   * The amount that {@code dollars} says, exactly.
   *
   * @throws IllegalArgumentException if it is negative, has more than nine decimals that matter, or
   *     exceeds what a long of nano-dollars holds
   */
  public static Cost usd(BigDecimal dollars) {
    if (dollars.signum() != 0 && (dollars.scale() > 1_000 || dollars.scale() < -1_000)) {
      throw unrepresentable(dollars);
    }
    try {
      return new Cost(
          dollars.setScale(SCALE, RoundingMode.UNNECESSARY).unscaledValue().longValueExact());
    } catch (ArithmeticException e) {
      throw unrepresentable(dollars);
    }
  }

  private static IllegalArgumentException unrepresentable(BigDecimal dollars) {
    return new IllegalArgumentException(
        "cost must have at most nine decimals and lie below 9223372036 US dollars, was " + dollars);
  }

  /** The amount of {@code nanos} nano-dollars. */
  public static Cost ofNanos(long nanos) {
    return new Cost(nanos);
  }

  /**
   * The sum, exactly; where a long of nano-dollars cannot hold it {@link Long#MAX_VALUE} of them,
   * which means that much or more.
   */
  public Cost plus(Cost other) {
    return new Cost(Saturated.sum(nanos, other.nanos));
  }

  /** US dollars with nine decimals. */
  public BigDecimal toUsd() {
    return BigDecimal.valueOf(nanos, SCALE);
  }

  @Override
  public int compareTo(Cost other) {
    return Long.compare(nanos, other.nanos);
  }

  /**
   * A dollar sign and the exact amount with two to nine decimals, for instance {@code $0.0379055}.
   */
  @Override
  public String toString() {
    return text(nanos);
  }

  private static String text(long nanos) {
    BigDecimal exact = BigDecimal.valueOf(nanos, SCALE).abs().stripTrailingZeros();
    return (nanos < 0 ? "-$" : "$")
        + (exact.scale() < 2 ? exact.setScale(2) : exact).toPlainString();
  }
}
