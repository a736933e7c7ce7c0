package io.llmaccounting.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the lines of histories say around answers. Not changed once it is read. */
final class HistoryMarks {
  private static final Set<String> WANTED = new HashSet<>();
  private static final Set<String> AROUND = new HashSet<>();
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private static final int MAX_NAMES = 1_000;

  static {
    WANTED.addAll(List.of("type", "object", "id", "uuid", "responseId", "timestamp"));
    WANTED.addAll(List.of("session_id", "thread_id", "isApiErrorMessage", "message.model"));
    WANTED.addAll(List.of("error", "error.code", "error.type", "error.status", "error.message"));
    WANTED.addAll(List.of("response.status_code", "response.body.error.message"));
    WANTED.addAll(List.of("result.type", "result.error.error.type", "result.error.type"));
    for (String event : List.of("payload.", "msg.")) {
      for (String name :
          List.of("type", "id", "session_id", "model", "info.model", "model_provider")) {
        WANTED.add(event + name);
      }
      WANTED.add(event + CodexHistory.FORKED);
      WANTED.add(event + CodexHistory.SPAWNED);
      CodexHistory.COUNTS.forEach(
          name -> {
            WANTED.add(event + CodexHistory.TOTAL + name);
            WANTED.add(event + CodexHistory.LAST + name);
          });
    }
    CodexHistory.COUNTS.forEach(name -> WANTED.add(CodexHistory.USAGE + name));
    for (String path : WANTED) {
      for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
        AROUND.add(path.substring(0, dot));
      }
    }
  }

  private final Set<String> names = new LinkedHashSet<>();
  private final Map<String, String> words = new HashMap<>();
  private final Set<String> objects = new HashSet<>();

  private HistoryMarks() {}

  /** Reads the marks of {@code text}; there are none where it is no JSON object. */
  static HistoryMarks of(byte[] text) {
    HistoryMarks marks = new HistoryMarks();
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        marks.object(json, "");
      }
      return marks;
    } catch (IOException e) {
      // whoever reads it as an answer says what is wrong with it
      return new HistoryMarks();
    }
  }

  private void object(JsonParser json, String path) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      String inner = path.isEmpty() ? name : path + "." + name;
      if (path.isEmpty() && names.size() < MAX_NAMES) {
        names.add(name);
      }
      JsonToken value = json.nextToken();
      if (value == JsonToken.START_OBJECT && AROUND.contains(inner)) {
        objects.add(inner);
        object(json, inner);
      } else if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
        json.skipChildren();
      } else if (value != JsonToken.VALUE_NULL && WANTED.contains(inner)) {
        words.put(inner, json.getText());
      }
    }
  }

  /** The names of all its fields, at most a thousand. */
  Set<String> names() {
    return names;
  }

  boolean hasObject(String path) {
    return objects.contains(path);
  }

  @Nullable String word(String path) {
    return words.get(path);
  }

  boolean wordIs(String path, String value) {
    return value.equals(words.get(path));
  }

  /** The first of these that there is, or null. */
  @Nullable String firstWord(String... paths) {
    for (String path : paths) {
      String word = words.get(path);
      if (word != null) {
        return word;
      }
    }
    return null;
  }
}
