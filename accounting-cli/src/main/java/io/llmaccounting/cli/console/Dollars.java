package io.llmaccounting.cli.console;

import java.math.BigDecimal;

/**
 * Money that may be below zero, as a difference is; {@code Cost} never is.
 *
 * @param amount US dollars
 */
public record Dollars(BigDecimal amount) {
  /** Writes the amount for programs: two decimals or more, without a currency. */
  @Override
  public String toString() {
    BigDecimal stripped = amount.stripTrailingZeros();
    return (stripped.scale() < 2 ? stripped.setScale(2) : stripped).toPlainString();
  }

  String forPeople(int decimals) {
    BigDecimal shown = new BigDecimal(toString()).abs();
    String digits = shown.setScale(Math.max(shown.scale(), decimals)).toPlainString();
    return (amount.signum() < 0 ? "-$" : "$") + Legible.grouped(digits);
  }
}
