package io.llmaccounting.client.internal.reports;

import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The parameters of a question, as they stand in its address. Confined to one thread. */
final class QueryText {
  private final StringBuilder text = new StringBuilder();

  QueryText add(String name, String value) {
    text.append(text.length() == 0 ? '?' : '&')
        .append(name)
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    return this;
  }

  QueryText word(String name, Enum<?> value) {
    return add(name, JsonWriter.word(value));
  }

  QueryText period(TimeRange period) {
    TimeRange always = TimeRange.always();
    if (!period.from().equals(always.from())) {
      add("from", period.from().toString());
    }
    return period.to().equals(always.to()) ? this : add("to", period.to().toString());
  }

  QueryText filter(UsageFilter filter) {
    for (Map.Entry<Dimension, Match> one : filter.matches().entrySet()) {
      String value = one.getValue().value();
      if (one.getValue().kind() != Match.Kind.IS || value == null) {
        throw new IllegalArgumentException(
            "a filter that a server is asked with must be of one value, such as user is alice, was %s %s"
                .formatted(one.getKey(), one.getValue()));
      }
      add(one.getKey(), value);
    }
    return filter.priced() == null ? this : add("priced", filter.priced().toString());
  }

  private void add(Dimension dimension, String value) {
    String name = dimension.toString();
    if (name.startsWith("tag:")) {
      add("tag", name.substring("tag:".length()) + '=' + value);
    } else if (dimension.equals(Dimension.OUTCOME) || dimension.equals(Dimension.SOURCE)) {
      add(name, value.toLowerCase(Locale.ROOT));
    } else {
      add(name, value);
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
