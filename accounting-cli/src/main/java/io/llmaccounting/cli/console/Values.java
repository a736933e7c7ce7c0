package io.llmaccounting.cli.console;

import io.llmaccounting.usage.Cost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as text: for people as they read them, for programs as they parse them. */
final class Values {
  private static final String ABSENT = "-";

  private Values() {}

  /** For people, on one line. */
  static String forPeople(@Nullable Object value, ZoneId zone) {
    if (value == null) {
      return ABSENT;
    }
    if (value instanceof Instant instant) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atZone(zone));
    }
    if (value instanceof Duration duration) {
      return Durations.text(duration);
    }
    if (value instanceof Boolean flag) {
      return flag ? "yes" : "no";
    }
    if (value instanceof List<?> list) {
      return list.isEmpty() ? ABSENT : joined(list);
    }
    if (value instanceof Map<?, ?> map) {
      return map.isEmpty() ? ABSENT : joined(map);
    }
    return Escaped.line(value instanceof Cost cost ? cost.toString() : forPrograms(value));
  }

  private static String joined(List<?> list) {
    return list.stream()
        .map(one -> Escaped.line(String.valueOf(one)))
        .collect(Collectors.joining("; "));
  }

  private static String joined(Map<?, ?> map) {
    return map.entrySet().stream()
        .map(entry -> Escaped.line(entry.getKey() + "=" + entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** For programs; not for lists and maps, which have no text of their own. */
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
