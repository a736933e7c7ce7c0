package io.llmaccounting.providers.prices;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The values of a file of prices, each checked for its kind where it stands. */
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
    return new PriceFileException(file, line, text, null);
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
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      taker.take(key);
    }
  }

  void array(ElementTaker taker) throws IOException {
    expect(JsonToken.START_ARRAY, "an array [...]");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      taker.take();
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
