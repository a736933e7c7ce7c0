package io.llmaccounting.providers.prices;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of a file of prices, each checked for its kind where it stands. A value that is wrong
 * is noted and skipped, so that all that is wrong with a file is found at once. Confined to one
 * thread.
 */
final class PriceJson {
  /** Takes the value of a key. */
  interface KeyTaker {
    void take(String key) throws IOException;
  }

  /** Takes an element of an array. */
  interface ElementTaker {
    void take() throws IOException;
  }

  /** Reads the value of a key. */
  interface ValueReader<T> {
    T read() throws IOException;
  }

  private static final int MAX_SCALE = 30;
  private static final int MAX_DIGITS = 40;

  private final String file;
  private final JsonParser parser;
  private final PriceProblems problems = new PriceProblems();
  private final Deque<String> path = new ArrayDeque<>();

  PriceJson(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  PriceFileException problem(String text) {
    return problem(line(), text);
  }

  PriceFileException problem(int line, String text) {
    String field = String.join(".", path);
    return new PriceFileException(file, line, field.isEmpty() ? text : field + ": " + text, null);
  }

  /** Notes what is wrong, and goes on. */
  void note(PriceFileException problem) {
    problems.add(problem);
  }

  /** How many problems were noted so far. */
  long noted() {
    return problems.count();
  }

  /** Throws what was noted, if anything was. */
  void requireNone() {
    problems.requireNone();
  }

  JsonToken token() {
    return parser.currentToken();
  }

  String text() throws IOException {
    String text = parser.getText();
    return text == null ? "nothing" : text;
  }

  void object(KeyTaker taker) throws IOException {
    expect(JsonToken.START_OBJECT, "an object {...}");
    int depth = depth();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      // what holds the rows says nothing about where in a row the problem is
      boolean isNamed = depth > 1;
      if (isNamed) {
        path.addLast(key);
      }
      element(depth, () -> taker.take(key));
      if (isNamed) {
        path.removeLast();
      }
    }
  }

  void array(ElementTaker taker) throws IOException {
    expect(JsonToken.START_ARRAY, "an array [...]");
    int depth = depth();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element(depth, taker);
    }
  }

  private int depth() {
    return parser.getParsingContext().getNestingDepth();
  }

  // what is left of a wrong value is skipped, so that the next one is read where it begins
  private void element(int depth, ElementTaker taker) throws IOException {
    try {
      taker.take();
    } catch (PriceFileException problem) {
      note(problem);
      while (depth() > depth && parser.nextToken() != null) {
        // skipped
      }
    }
  }

  <T> Map<String, T> map(ValueReader<T> reader) throws IOException {
    Map<String, T> map = new TreeMap<>();
    object(key -> map.put(key, reader.read()));
    return map;
  }

  List<String> words() throws IOException {
    List<String> words = new ArrayList<>();
    array(() -> words.add(word()));
    return words;
  }

  String word() throws IOException {
    expect(JsonToken.VALUE_STRING, "a text \"...\"");
    String word = text();
    if (word.isBlank() || !word.strip().equals(word)) {
      throw problem("text must not be blank nor have blanks around it, was \"" + word + "\"");
    }
    return word;
  }

  boolean flag() throws IOException {
    if (token() != JsonToken.VALUE_TRUE && token() != JsonToken.VALUE_FALSE) {
      throw problem("expected true or false, found " + text());
    }
    return token() == JsonToken.VALUE_TRUE;
  }

  long whole() throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    try {
      return Long.parseLong(text());
    } catch (NumberFormatException e) {
      throw problem("number is out of range: " + text());
    }
  }

  /** A decimal number that is not negative, as it is written. */
  BigDecimal decimal() throws IOException {
    if (token() != JsonToken.VALUE_NUMBER_INT && token() != JsonToken.VALUE_NUMBER_FLOAT) {
      throw problem("expected a number, found " + text());
    }
    BigDecimal number;
    try {
      number = new BigDecimal(text());
    } catch (NumberFormatException e) {
      throw problem("number is out of range: " + text());
    }
    if (number.signum() < 0) {
      throw problem("number must not be negative, was " + text());
    }
    if (Math.abs((long) number.scale()) > MAX_SCALE || number.precision() > MAX_DIGITS) {
      throw problem(
          "number must have at most %d digits and %d decimals".formatted(MAX_DIGITS, MAX_SCALE));
    }
    return number;
  }

  private void expect(JsonToken expected, String what) throws IOException {
    if (token() != expected) {
      throw problem("expected %s, found %s".formatted(what, token() == null ? "nothing" : text()));
    }
  }
}
