package io.llmaccounting.json;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.Map;
import java.util.TreeMap;

/** The matches of a limit or filter, as texts by dimension: {@code "user": "is alice"}. */
final class MatchFields {
  private MatchFields() {}

  static Map<String, String> texts(Map<Dimension, Match> matches) {
    Map<String, String> texts = new TreeMap<>();
    matches.forEach((dimension, match) -> texts.put(dimension.toString(), match.toString()));
    return texts;
  }

  static Map<Dimension, Match> read(String field, Map<String, String> texts) {
    Map<Dimension, Match> matches = new TreeMap<>();
    texts.forEach(
        (dimension, match) -> matches.put(dimension(field, dimension), match(field, match)));
    return matches;
  }

  static Dimension dimension(String field, String text) {
    try {
      return Dimension.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s must name a dimension, was \"%s\"".formatted(field, text), e);
    }
  }

  private static Match match(String field, String text) {
    try {
      return Match.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s must be \"is NAME\", \"prefix TEXT\", \"each\" or \"absent\", was \"%s\""
              .formatted(field, text),
          e);
    }
  }
}
