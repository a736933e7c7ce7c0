package io.llmaccounting.server.rest.http;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Parameters that say which usage is meant. */
public final class UsageParameters {
  private static final List<Dimension> PLAIN =
      List.of(
          Dimension.MODEL,
          Dimension.PROVIDER,
          Dimension.PROJECT,
          Dimension.USER,
          Dimension.CALLER,
          Dimension.SESSION,
          Dimension.OPERATION,
          Dimension.RESPONSE_MODEL);

  private UsageParameters() {}

  /** From {@code from} to {@code to}, all of time where they are absent. */
  public static TimeRange period(JsonFields query) {
    TimeRange always = TimeRange.always();
    Instant from = query.optionalInstant("from");
    Instant to = query.optionalInstant("to");
    Instant first = from == null ? always.from() : from;
    Instant end = to == null ? always.to() : to;
    if (!first.isBefore(end)) {
      throw ProblemException.invalid("to", "be after from (" + first + ")", end);
    }
    return new TimeRange(first, end);
  }

  /** Which records: exactly those of the values that are given. */
  public static UsageFilter filter(JsonFields query) {
    Map<Dimension, Match> matches = new TreeMap<>();
    for (Dimension dimension : PLAIN) {
      String value = query.optionalText(dimension.toString());
      if (value != null) {
        matches.put(dimension, Match.is(value));
      }
    }
    for (Dimension dimension : List.of(Dimension.OUTCOME, Dimension.SOURCE)) {
      String word = query.optionalText(dimension.toString());
      if (word != null) {
        matches.put(dimension, Match.is(word.toUpperCase(Locale.ROOT)));
      }
    }
    for (String tag : query.textList("tag")) {
      int equals = tag.indexOf('=');
      Dimension dimension = Dimension.tag(tag.substring(0, equals));
      if (matches.put(dimension, Match.is(tag.substring(equals + 1))) != null) {
        throw ProblemException.invalid("tag", "name each tag once", tag);
      }
    }
    return new UsageFilter(matches, query.optionalFlag("priced"));
  }
}
