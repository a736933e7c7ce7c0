package io.llmaccounting.cli.reports;

import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.Timespan;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Words for stretches of the calendar around now: the current one, or the one before it. */
enum PeriodWord {
  TODAY("daily", Unit.DAY, 0),
  YESTERDAY("", Unit.DAY, 1),
  THIS_WEEK("weekly", Unit.WEEK, 0),
  LAST_WEEK("", Unit.WEEK, 1),
  THIS_MONTH("monthly", Unit.MONTH, 0),
  LAST_MONTH("", Unit.MONTH, 1),
  THIS_QUARTER("quarterly", Unit.QUARTER, 0),
  LAST_QUARTER("", Unit.QUARTER, 1),
  THIS_YEAR("yearly", Unit.YEAR, 0),
  LAST_YEAR("", Unit.YEAR, 1);

  private final String shortWord;
  private final Unit unit;
  private final int ago;

  PeriodWord(String shortWord, Unit unit, int ago) {
    this.shortWord = shortWord;
    this.unit = unit;
    this.ago = ago;
  }

  private enum Unit {
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR;

    LocalDate begin(LocalDate day) {
      return switch (this) {
        case DAY -> day;
        case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> day.withDayOfMonth(1);
        case QUARTER -> day.with(IsoFields.DAY_OF_QUARTER, 1);
        case YEAR -> day.withDayOfYear(1);
      };
    }

    LocalDate plus(LocalDate begin, int count) {
      return switch (this) {
        case DAY -> begin.plusDays(count);
        case WEEK -> begin.plusWeeks(count);
        case MONTH -> begin.plusMonths(count);
        case QUARTER -> begin.plus(count, IsoFields.QUARTER_YEARS);
        case YEAR -> begin.plusYears(count);
      };
    }
  }

  Timespan in(ZoneId zone) {
    return now -> {
      LocalDate begin = unit.plus(unit.begin(now.atZone(zone).toLocalDate()), -ago);
      return TimeRange.between(begin, unit.plus(begin, 1), zone);
    };
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads one. */
  static final class Reader implements ITypeConverter<PeriodWord> {
    @Override
    public PeriodWord convert(String text) {
      String wanted = text.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
      for (PeriodWord word : values()) {
        if (word.word().equals(wanted) || word.shortWord.equals(wanted)) {
          return word;
        }
      }
      throw new TypeConversionException(
          "must be one of "
              + Arrays.stream(values()).map(PeriodWord::word).collect(Collectors.joining(", "))
              + ", was \""
              + text
              + "\"");
    }
  }
}
