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
import org.jspecify.annotations.Nullable;

/** A usage object as the provider wrote it, nulls left out. Confined to one thread. */
final class UsageTree {
  /** A number as it was written. */
  record Figure(String text) {}

  /** As much of the JSON as a record keeps. */
  static final int MAX_JSON = 4_000;

  private static final int MAX_LONG_DIGITS = 19;

  // What a database can not store has to be escaped.
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Map<String, Object> values = new LinkedHashMap<>();

  void put(String name, Object value) {
    values.put(name, value);
  }

  boolean has(String... path) {
    return at(path) != null;
  }

  /**
   * A count, 0 where there is none.
   *
   * @throws IllegalArgumentException if it is no whole number or exceeds a long
   */
  long count(String... path) {
    Long count = optionalCount(path);
    return count == null ? 0 : count;
  }

  /**
   * A count, null where there is none.
   *
   * @throws IllegalArgumentException if it is no whole number or exceeds a long
   */
  @Nullable Long optionalCount(String... path) {
    Object value = at(path);
    if (value == null) {
      return null;
    }
    if (value instanceof Figure figure) {
      BigDecimal exact = new BigDecimal(figure.text());
      long integerDigits = (long) exact.precision() - exact.scale();
      if (integerDigits <= MAX_LONG_DIGITS && exact.scale() <= 2 * MAX_LONG_DIGITS) {
        try {
          return exact.longValueExact();
        } catch (ArithmeticException e) {
          throw notACount(value, path);
        }
      }
    }
    throw notACount(value, path);
  }

  private static IllegalArgumentException notACount(Object value, String... path) {
    return new IllegalArgumentException(
        "%s must be a whole number of tokens, was %.40s".formatted(String.join(".", path), value));
  }

  /** The first of these keys of this object that holds a count, else 0. */
  long firstCount(String... keys) {
    for (String key : keys) {
      Long count = optionalCount(key);
      if (count != null) {
        return count;
      }
    }
    return 0;
  }

  @Nullable String word(String... path) {
    return at(path) instanceof String word ? word : null;
  }

  /** The objects of an array; none where there is no array. */
  List<UsageTree> objects(String... path) {
    List<UsageTree> objects = new ArrayList<>();
    if (at(path) instanceof List<?> array) {
      for (Object element : array) {
        if (element instanceof UsageTree object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  private @Nullable Object at(String... path) {
    Object value = this;
    for (String name : path) {
      value = value instanceof UsageTree object ? object.values.get(name) : null;
    }
    return value;
  }

  /** This usage, grown by a later report of the same running counts. */
  UsageTree grownBy(UsageTree later) {
    UsageTree grown = new UsageTree();
    grown.values.putAll(values);
    later.values.forEach((name, value) -> grown.values.merge(name, value, UsageTree::larger));
    return grown;
  }

  private static Object larger(Object before, Object after) {
    if (before instanceof UsageTree one && after instanceof UsageTree other) {
      return one.grownBy(other);
    }
    if (before instanceof Figure one && after instanceof Figure other) {
      return new BigDecimal(one.text()).compareTo(new BigDecimal(other.text())) > 0
          ? before
          : after;
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
    } else {
      generator.writeString((String) value);
    }
  }
}
