package io.llmaccounting.sinks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads lists of flat objects out of what a service answers. Stateless. */
final class JsonAnswer {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonAnswer() {}

  /** The objects of the list {@code name} at the top; none where the answer has no such list. */
  static List<Map<String, String>> list(String answer, String name) {
    List<Map<String, String>> found = new ArrayList<>();
    try (JsonParser json = FACTORY.createParser(answer)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return found;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = name.equals(json.currentName());
        if (json.nextToken() == JsonToken.START_ARRAY && wanted) {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            found.add(flat(json));
          }
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      return List.of(); // an answer that is no JSON says nothing of single records
    }
    return found;
  }

  private static Map<String, String> flat(JsonParser json) throws IOException {
    Map<String, String> fields = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      if (json.nextToken().isScalarValue()) {
        fields.put(field, json.getText());
      } else {
        json.skipChildren();
      }
    }
    return fields;
  }
}
