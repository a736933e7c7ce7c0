package io.llmaccounting.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a file.
 *
 * @param number its number, from 1
 * @param fields the object that it holds, or null where it holds none
 * @param problem why it holds none, or null
 */
public record JsonLine(long number, @Nullable JsonFields fields, @Nullable String problem) {
  private static final int DEEPEST = 8;
  private static final int LONGEST_NAME = 1_024;
  private static final int LONGEST_NUMBER = 1_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(LONGEST_NUMBER)
                  .maxStringLength(JsonLines.LONGEST)
                  .build())
          .build();

  /** Reads the line of this number from {@code text}, in UTF-8. */
  public static JsonLine of(long number, byte[] text) {
    return parse(number, text, 0, text.length);
  }

  static JsonLine bad(long number, String problem) {
    return new JsonLine(number, null, problem);
  }

  static JsonLine parse(long number, byte[] text, int start, int end) {
    try (JsonParser json = FACTORY.createParser(text, start, end - start)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return bad(number, "a line must be one JSON object, in braces");
      }
      Map<String, Object> fields = object(json);
      if (json.nextToken() != null) {
        return bad(number, "a line must end with its JSON object; something follows it");
      }
      return new JsonLine(number, new JsonFields(fields), null);
    } catch (IOException e) {
      return bad(number, "not JSON: " + firstLine(String.valueOf(e.getMessage())));
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }

  // A field that is null says the same as one that is absent.
  private static Map<String, Object> object(JsonParser json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      Object value = value(json);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDecimalValue();
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      default -> null;
    };
  }

  private static List<Object> array(JsonParser json) throws IOException {
    List<Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(json);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }
}
