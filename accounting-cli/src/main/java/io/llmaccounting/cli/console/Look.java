package io.llmaccounting.cli.console;

import io.llmaccounting.cli.console.Column.Kind;
import io.llmaccounting.cli.console.Legible.Precision;
import io.llmaccounting.usage.Cost;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Formats the values below one title alike, so that they can be compared at a glance. */
final class Look {
  private static final String ABSENT = "-";
  private static final int CENTS = 2;

  private final Kind kind;
  private final ZoneId zone;
  private Precision precision = Precision.DAY;
  private int decimals;

  private Look(Kind kind, ZoneId zone) {
    this.kind = kind;
    this.zone = zone;
  }

  /** The look of a value that stands alone. */
  static Look alone(Column column, ZoneId zone) {
    Look look = new Look(column.kind(), zone);
    look.precision = Precision.SECOND;
    return look;
  }

  /** The look of many values. */
  static Look of(Column column, ZoneId zone, Stream<@Nullable Object> values) {
    Look look = new Look(column.kind(), zone);
    values.forEach(value -> look.suit(Shown.value(value)));
    return look;
  }

  private void suit(@Nullable Object value) {
    if (value instanceof Instant instant) {
      Precision needed = Legible.precision(instant, zone);
      precision = needed.compareTo(precision) > 0 ? needed : precision;
    } else if (value instanceof Cost cost) {
      decimals = Math.max(decimals, scale(cost.toUsd()));
    } else if (value instanceof Dollars dollars) {
      decimals = Math.max(decimals, scale(dollars.amount()));
    } else if (value instanceof BigDecimal decimal) {
      decimals = Math.max(decimals, scale(decimal));
    }
  }

  private static int scale(BigDecimal decimal) {
    return Math.max(0, decimal.stripTrailingZeros().scale());
  }

  /** Whether people see nothing of {@code value}. */
  static boolean isAbsent(@Nullable Object given) {
    Object value = Shown.value(given);
    return value == null
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  /** Formats a value on one line. */
  String text(@Nullable Object given) {
    if (given instanceof Shown shown && shown.text() != null) {
      return Escaped.line(shown.text());
    }
    return isAbsent(given) ? ABSENT : there(Shown.value(given));
  }

  private String there(@Nullable Object value) {
    if (value instanceof Instant instant) {
      return Legible.time(instant, zone, precision);
    }
    if (value instanceof Duration duration) {
      return Legible.duration(duration);
    }
    if (value instanceof Boolean flag) {
      return flag ? "yes" : "no";
    }
    if (value instanceof Cost cost) {
      int places = Math.max(CENTS, Math.max(decimals, scale(cost.toUsd())));
      return "$" + Legible.grouped(cost.toUsd().setScale(places).toPlainString());
    }
    if (value instanceof Dollars dollars) {
      return dollars.forPeople(decimals);
    }
    if (value instanceof Long || value instanceof Integer) {
      long number = ((Number) value).longValue();
      return kind == Kind.CODE ? Long.toString(number) : Legible.number(number);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal(decimal);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(this::inner).collect(Collectors.joining("; "));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> Escaped.line(entry.getKey() + "=") + inner(entry.getValue()))
          .collect(Collectors.joining(", "));
    }
    return Escaped.line(Values.forPrograms(value == null ? "" : value));
  }

  // Decimal points stand below each other. Blanks fill up in place of zeros, so that no value looks
  // more exact than it was given.
  private String decimal(BigDecimal decimal) {
    if (kind == Kind.AMOUNT) {
      return Legible.grouped(decimal.stripTrailingZeros().toPlainString());
    }
    if (kind == Kind.CODE || decimal.precision() > 40) {
      return decimal.toPlainString();
    }
    int scale = scale(decimal);
    BigDecimal exact = decimal.setScale(scale);
    int missing = decimals - scale + (scale == 0 && decimals > 0 ? 1 : 0);
    return Legible.grouped(exact.toPlainString()) + " ".repeat(Math.max(0, missing));
  }

  private String inner(@Nullable Object value) {
    if (value instanceof Cost cost) {
      return Legible.cost(cost);
    }
    return value instanceof Long number
        ? Legible.number(number)
        : Escaped.line(String.valueOf(value));
  }
}
