package io.llmaccounting.sql.access;

import io.llmaccounting.shaded.jooq.tools.json.JSONArray;
import io.llmaccounting.shaded.jooq.tools.json.JSONParser;
import io.llmaccounting.shaded.jooq.tools.json.ParseException;
import io.llmaccounting.sql.Damage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sets of names as one JSON array; an empty set is stored as null. */
final class JsonNames {
  private JsonNames() {}

  static @Nullable String write(Set<String> names) {
    return names.isEmpty() ? null : JSONArray.toJSONString(List.copyOf(names));
  }

  static Set<String> read(@Nullable String json) {
    Set<String> names = new TreeSet<>();
    if (json == null) {
      return names;
    }
    try {
      if (new JSONParser().parse(json) instanceof List<?> list) {
        list.forEach(name -> names.add(String.valueOf(name)));
        return names;
      }
      throw Damage.of("stored JSON must be an array of names, was " + json);
    } catch (ParseException e) {
      throw Damage.of("stored JSON must be an array of names, was " + json, e);
    }
  }
}
