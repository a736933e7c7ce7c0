package io.llmaccounting.providers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A usage object as the provider wrote it, nulls left out. Confined to one thread. */
final class UsageTree {
  /** A number as it was written. */
  record Figure(String text) {}

  /** The most characters of JSON that a record keeps. */
  static final int MAX_JSON = 4_000;

  // What a database can not store has to be escaped.
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Map<String, Object> values = new LinkedHashMap<>();
  private boolean repeatsKeys;

  void put(String name, Object value) {
    Object before = values.put(name, value);
    boolean scalar = value instanceof Figure || value instanceof String || value instanceof Boolean;
    repeatsKeys |= before != null && !(scalar && before.equals(value));
  }

  /** Adds a count to what stands there, as elements of an array follow one another. */
  void add(String name, Figure figure) {
    if (values.get(name) instanceof Figure before) {
      Long sum = WrittenNumber.count(before.text());
      Long more = WrittenNumber.count(figure.text());
      values.put(
          name, sum == null || more == null ? figure : new Figure(Long.toString(sum + more)));
    } else {
      values.put(name, figure);
    }
  }

  /** The key of this object had another one for its value. */
  void repeated() {
    repeatsKeys = true;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  boolean has(String path) {
    return at(path) != null;
  }

  /** Whether this very key stands at the top. */
  boolean hasKey(String key) {
    return values.containsKey(key);
  }

  boolean hasArray(String path) {
    return at(path) instanceof List<?>;
  }

  /** Whether an object in here has one key twice, with unequal values. */
  boolean repeatsKeys() {
    return repeatsKeys || children(values.values()).stream().anyMatch(UsageTree::repeatsKeys);
  }

  /** Whether there is any number above zero. */
  boolean saysAnything() {
    boolean[] found = {false};
    figures(
        (path, figure) -> {
          Long count = WrittenNumber.count(figure);
          found[0] |= count == null || count > 0;
        });
    return found[0];
  }

  /**
   * A count, 0 where there is none.
   *
   * @throws IllegalArgumentException if it is no count
   */
  long count(String path) {
    Long count = optionalCount(path);
    return count == null ? 0 : count;
  }

  /**
   * A count, null where there is none; an object that stands there is none.
   *
   * @throws IllegalArgumentException if it is no whole number or more than any call has
   */
  @Nullable Long optionalCount(String path) {
    Object value = at(path);
    if (value == null || value instanceof UsageTree || value instanceof List<?>) {
      return null;
    }
    Long count = value instanceof Figure figure ? WrittenNumber.count(figure.text()) : null;
    if (count == null) {
      throw new IllegalArgumentException(
          "%s must be a whole number of tokens, was %.40s".formatted(path, value));
    }
    return count;
  }

  /** A number that may have decimals; null where there is none. */
  @Nullable BigDecimal decimal(String path) {
    return at(path) instanceof Figure figure ? WrittenNumber.decimal(figure.text()) : null;
  }

  @Nullable String word(String path) {
    return at(path) instanceof String word ? word : null;
  }

  boolean isTrue(String path) {
    return Boolean.TRUE.equals(at(path));
  }

  /** The objects of an array; none where there is no array. */
  List<UsageTree> objects(String path) {
    return at(path) instanceof List<?> array ? children(array) : List.of();
  }

  private static List<UsageTree> children(Iterable<?> values) {
    List<UsageTree> objects = new ArrayList<>();
    for (Object value : values) {
      if (value instanceof UsageTree object) {
        objects.add(object);
      } else if (value instanceof List<?> array) {
        objects.addAll(children(array));
      }
    }
    return objects;
  }

  private @Nullable Object at(String path) {
    Object whole = values.get(path);
    if (whole != null) {
      return whole;
    }
    UsageTree object = this;
    int from = 0;
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
      if (!(object.values.get(path.substring(from, dot)) instanceof UsageTree inner)) {
        return null;
      }
      object = inner;
      from = dot + 1;
    }
    return from == 0 ? null : object.values.get(path.substring(from));
  }

  /** Every number, also one written as a text, by its path; arrays leave no trace in a path. */
  void figures(BiConsumer<String, String> visitor) {
    figures("", this, visitor);
  }

  private static void figures(String path, Object value, BiConsumer<String, String> visitor) {
    if (value instanceof UsageTree object) {
      object.values.forEach(
          (name, child) -> figures(path.isEmpty() ? name : path + "." + name, child, visitor));
    } else if (value instanceof List<?> array) {
      array.forEach(element -> figures(path, element, visitor));
    } else if (value instanceof Figure figure) {
      visitor.accept(path, figure.text());
    } else if (value instanceof String text && WrittenNumber.count(text) != null) {
      visitor.accept(path, text);
    }
  }

  /**
   * This usage and a later report. Input that the later one tells replaces all input of this one;
   * of running output the larger holds; of everything else the later one.
   */
  UsageTree followedBy(UsageTree later, Set<String> input, Set<String> output, Set<String> totals) {
    UsageTree merged = new UsageTree();
    merged.repeatsKeys = repeatsKeys || later.repeatsKeys;
    boolean newInput = later.only(input).saysAnything();
    boolean newFigures = newInput || later.only(output).saysAnything();
    values.forEach(
        (name, value) -> {
          boolean stale =
              (newInput && input.contains(name)) || (newFigures && totals.contains(name));
          if (!stale) {
            merged.values.put(name, value);
          }
        });
    later.values.forEach(
        (name, value) -> {
          if (output.contains(name)) {
            merged.values.merge(name, value, UsageTree::larger);
          } else if (newInput || !input.contains(name)) {
            merged.values.put(name, value);
          } else {
            merged.values.putIfAbsent(name, value);
          }
        });
    return merged;
  }

  private UsageTree only(Set<String> names) {
    UsageTree part = new UsageTree();
    values.forEach(
        (name, value) -> {
          if (names.contains(name)) {
            part.values.put(name, value);
          }
        });
    return part;
  }

  private static Object larger(Object before, Object after) {
    if (before instanceof UsageTree one && after instanceof UsageTree other) {
      UsageTree grown = new UsageTree();
      grown.repeatsKeys = one.repeatsKeys || other.repeatsKeys;
      grown.values.putAll(one.values);
      other.values.forEach((name, value) -> grown.values.merge(name, value, UsageTree::larger));
      return grown;
    }
    if (before instanceof Figure one && after instanceof Figure other) {
      BigDecimal first = WrittenNumber.decimal(one.text());
      BigDecimal second = WrittenNumber.decimal(other.text());
      return first != null && second != null && first.compareTo(second) > 0 ? before : after;
    }
    return after;
  }

  /** The JSON, cut where it is longer than a record keeps. */
  String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(this, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.getBuffer().length() > MAX_JSON
        ? text.getBuffer().substring(0, MAX_JSON)
        : text.toString();
  }

  private static void write(Object value, JsonGenerator generator) throws IOException {
    if (value instanceof UsageTree object) {
      generator.writeStartObject();
      for (Map.Entry<String, Object> entry : object.values.entrySet()) {
        generator.writeFieldName(entry.getKey());
        write(entry.getValue(), generator);
      }
      generator.writeEndObject();
    } else if (value instanceof List<?> array) {
      generator.writeStartArray();
      for (Object element : array) {
        write(element, generator);
      }
      generator.writeEndArray();
    } else if (value instanceof Figure figure) {
      generator.writeNumber(figure.text());
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else {
      generator.writeString((String) value);
    }
  }
}
