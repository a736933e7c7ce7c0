package io.llmaccounting.sql;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.jooq.tools.json.JSONObject;
import io.llmaccounting.shaded.jooq.tools.json.JSONParser;
import io.llmaccounting.shaded.jooq.tools.json.ParseException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Maps of names to texts or counts as one JSON object; an empty map is stored as null. */
public final class FlatJson {
  private FlatJson() {}

  /** The stored form, its names in the map's order. */
  public static @Nullable String write(Map<String, ?> map) {
    return map.isEmpty() ? null : JSONObject.toJSONString(map);
  }

  /** The texts of a stored map, sorted by name. */
  public static Map<String, String> texts(@Nullable String json) {
    Map<String, String> texts = new TreeMap<>();
    parse(json).forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
    return texts;
  }

  /** The counts of a stored map, sorted by name. */
  public static Map<String, Long> counts(@Nullable String json) {
    Map<String, Long> counts = new TreeMap<>();
    for (Map.Entry<?, ?> entry : parse(json).entrySet()) {
      if (!(entry.getValue() instanceof Number number)) {
        throw unreadable(json, null);
      }
      counts.put(String.valueOf(entry.getKey()), number.longValue());
    }
    return counts;
  }

  /** The texts of a map that must be stored exactly as it would be written now. */
  static Map<String, String> exactTexts(@Nullable String json, boolean asWritten) {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<?, ?> entry : parse(json).entrySet()) {
      if (!(entry.getValue() instanceof String text)) {
        throw unreadable(json, null);
      }
      texts.put(String.valueOf(entry.getKey()), text);
    }
    requireAsWritten(json, texts, asWritten);
    return texts;
  }

  /** The counts of a map that must be stored exactly as it would be written now. */
  static Map<String, Long> exactCounts(@Nullable String json, boolean asWritten) {
    Map<String, Long> counts = new TreeMap<>();
    for (Map.Entry<?, ?> entry : parse(json).entrySet()) {
      if (!(entry.getValue() instanceof Long count)) {
        throw unreadable(json, null);
      }
      counts.put(String.valueOf(entry.getKey()), count);
    }
    requireAsWritten(json, counts, asWritten);
    return counts;
  }

  // A name given twice, or a blank, would be lost here and shown by SQL.
  private static void requireAsWritten(
      @Nullable String json, Map<String, ?> read, boolean asWritten) {
    if (json != null && (read.isEmpty() || (asWritten && !json.equals(write(read))))) {
      throw Damage.of("stored JSON must be as this library writes it, was " + json);
    }
  }

  private static Map<?, ?> parse(@Nullable String json) {
    if (json == null) {
      return Map.of();
    }
    try {
      if (new JSONParser().parse(json) instanceof Map<?, ?> map) {
        return map;
      }
      throw unreadable(json, null);
    } catch (ParseException e) {
      throw unreadable(json, e);
    }
  }

  private static BackendException unreadable(@Nullable String json, @Nullable Exception cause) {
    return Damage.of("stored JSON must be a flat object, was " + json, cause);
  }
}
