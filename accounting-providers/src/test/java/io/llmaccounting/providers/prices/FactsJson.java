package io.llmaccounting.providers.prices;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON file as maps, lists, strings, exact decimals and booleans. */
final class FactsJson {
  private FactsJson() {}

  /**
   * What several files say: lists and objects of one name are joined, of other values the last
   * counts.
   */
  static Map<String, Object> read(List<Path> files) throws IOException {
    Map<String, Object> facts = new LinkedHashMap<>();
    for (Path file : files) {
      read(file).forEach((key, value) -> facts.merge(key, value, FactsJson::joined));
    }
    return facts;
  }

  private static Object joined(Object one, Object other) {
    if (one instanceof List) {
      List<Object> both = new ArrayList<>(list(one));
      both.addAll(list(other));
      return both;
    }
    if (one instanceof Map) {
      Map<String, Object> both = new LinkedHashMap<>(object(one));
      both.putAll(object(other));
      return both;
    }
    return other;
  }

  private static Map<String, Object> read(Path file) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      parser.nextToken();
      return object(value(parser));
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return value == null ? List.of() : (List<Object>) value;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          object.put(key, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getText());
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }
}
