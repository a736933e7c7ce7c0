package io.llmaccounting.cli.console;

import io.llmaccounting.usage.Cost;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Values as programs parse them. */
final class Values {
  private Values() {}

  /** Not for lists and maps, which have no text of their own. */
  static String forPrograms(Object value) {
    if (value instanceof Cost cost) {
      return cost.toString().substring(1);
    }
    if (value instanceof Duration duration) {
      return seconds(duration).toPlainString();
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Enum<?> word) {
      return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return value.toString();
  }

  static BigDecimal seconds(Duration duration) {
    BigDecimal exact =
        BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }
}
