package io.llmaccounting.springai;

import io.llmaccounting.tap.internal.Accessors;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes usage as its provider sent it. Spring AI keeps it as an object of the provider's module:
 * records of its own, or objects of an SDK. All of them are annotated with the names that Jackson
 * reads them by, which are asked for by name: which Jackson there is, is the application's affair.
 */
final class NativeJson {
  private static final String PROPERTY = "com.fasterxml.jackson.annotation.JsonProperty";
  private static final int DEEPEST = 8;

  private static final ClassValue<Map<String, Method>> MEMBERS =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          Map<String, Method> members = new TreeMap<>();
          for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            for (Method method : Modifier.isPublic(at.getModifiers()) ? at.getMethods() : NONE) {
              String name = property(method);
              if (name != null) {
                members.putIfAbsent(name, method);
              }
            }
          }
          return members;
        }
      };

  private static final Method[] NONE = {};

  private final StringBuilder json = new StringBuilder();

  private NativeJson() {}

  /** {@code usage} as JSON; null if it is no object of which that can be told. */
  static @Nullable String of(@Nullable Object usage) {
    if (usage == null || MEMBERS.get(usage.getClass()).isEmpty()) {
      return null;
    }
    NativeJson written = new NativeJson();
    written.object(usage, 0);
    return written.json.toString();
  }

  /** {@code text} as JSON. */
  static String quoted(String text) {
    NativeJson written = new NativeJson();
    written.text(text);
    return written.json.toString();
  }

  private static @Nullable String property(Method method) {
    if (method.getParameterCount() > 0 || Modifier.isStatic(method.getModifiers())) {
      return null;
    }
    for (Annotation annotation : method.getAnnotations()) {
      if (annotation.annotationType().getName().equals(PROPERTY)
          && Accessors.ask(annotation, "value") instanceof String name
          && !name.isEmpty()) {
        return name;
      }
    }
    return null;
  }

  private void object(Object of, int depth) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    MEMBERS.get(of.getClass()).forEach((name, method) -> values.put(name, value(of, method)));
    if (Accessors.ask(of, "_additionalProperties") instanceof Map<?, ?> more) {
      more.forEach((name, value) -> values.putIfAbsent(String.valueOf(name), plain(value)));
    }
    map(values, depth);
  }

  private static @Nullable Object value(Object of, Method method) {
    try {
      return plain(method.invoke(of));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** The value in what an SDK wraps around it: a field that may be missing, an open enumeration. */
  private static @Nullable Object plain(@Nullable Object wrapped) {
    if (wrapped instanceof Optional<?> value) {
      return plain(value.orElse(null));
    }
    if (wrapped == null || !Accessors.has(wrapped, "asKnown")) {
      Object word = wrapped == null ? null : Accessors.ask(wrapped, "_value");
      return word == null ? wrapped : plain(word);
    }
    for (String kind :
        List.of("asKnown", "asNumber", "asString", "asBoolean", "asObject", "asArray")) {
      if (Accessors.ask(wrapped, kind) instanceof Optional<?> value && value.isPresent()) {
        return plain(value.get());
      }
    }
    return null;
  }

  private void map(Map<String, @Nullable Object> values, int depth) {
    json.append('{');
    String comma = "";
    for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
      Object value = entry.getValue();
      if (value != null && depth < DEEPEST) {
        json.append(comma);
        text(entry.getKey());
        json.append(':');
        write(value, depth + 1);
        comma = ",";
      }
    }
    json.append('}');
  }

  private void write(Object value, int depth) {
    if (value instanceof Number || value instanceof Boolean) {
      json.append(value);
    } else if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      map.forEach((name, each) -> values.put(String.valueOf(name), plain(each)));
      map(values, depth);
    } else if (value instanceof Iterable<?> items) {
      list(items, depth);
    } else if (MEMBERS.get(value.getClass()).isEmpty()) {
      text(value.toString());
    } else {
      object(value, depth);
    }
  }

  private void list(Iterable<?> items, int depth) {
    List<Object> values = new ArrayList<>();
    for (Object item : items) {
      Object value = plain(item);
      if (value != null) {
        values.add(value);
      }
    }
    json.append('[');
    String comma = "";
    for (Object value : values) {
      json.append(comma);
      write(value, depth + 1);
      comma = ",";
    }
    json.append(']');
  }

  private void text(String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
