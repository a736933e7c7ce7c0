package io.llmaccounting.server.config;

import java.util.List;

/**
 * A value as somebody gave it.
 *
 * @param texts the value, or those of a list
 * @param source where it was given, for people: a line of a file, a variable, an option
 */
record Given(List<String> texts, String source) {
  Given {
    texts = List.copyOf(texts);
  }

  static Given of(String text, String source) {
    return new Given(List.of(text), source);
  }
}
