package io.llmaccounting.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object a line, in UTF-8. Fields come in the order in which they are given, and
 * those without a value are left out, so that the same values always make the same bytes. Confined
 * to one thread.
 */
public final class JsonWriter implements AutoCloseable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private final JsonGenerator json;

  /** Writes to {@code out}, which stays open. */
  public JsonWriter(OutputStream out) throws IOException {
    this.json = FACTORY.createGenerator(out).setPrettyPrinter(new MinimalPrettyPrinter(""));
  }

  /** Begins a line of this kind. */
  public JsonWriter begin(String kind) throws IOException {
    json.writeStartObject();
    return text("kind", kind);
  }

  /** Ends the line. */
  public void end() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** A text; for an instant, an id or a money amount as it writes itself. */
  public JsonWriter text(String name, @Nullable Object value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value.toString());
    }
    return this;
  }

  /** A constant, in lower case. */
  public JsonWriter word(String name, @Nullable Enum<?> value) throws IOException {
    return text(name, value == null ? null : word(value));
  }

  /** The word for a constant: {@code input-tokens} for INPUT_TOKENS. */
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** An instant, in UTC, to the microsecond. */
  public JsonWriter time(String name, @Nullable Instant value) throws IOException {
    return text(name, value);
  }

  /** A whole number. */
  public JsonWriter number(String name, @Nullable Number value) throws IOException {
    if (value != null) {
      json.writeNumberField(name, value.longValue());
    }
    return this;
  }

  /** A number with a fraction, without an exponent. */
  public JsonWriter decimal(String name, @Nullable Double value) throws IOException {
    if (value != null) {
      json.writeNumberField(name, BigDecimal.valueOf(value));
    }
    return this;
  }

  /** A whole number, unless it is 0. */
  public JsonWriter count(String name, long value) throws IOException {
    return value == 0 ? this : number(name, value);
  }

  /** A duration in seconds. */
  public JsonWriter seconds(String name, @Nullable Duration value) throws IOException {
    if (value != null) {
      BigDecimal exact =
          BigDecimal.valueOf(value.getSeconds())
              .add(BigDecimal.valueOf(value.getNano(), 9))
              .stripTrailingZeros();
      json.writeNumberField(name, exact);
    }
    return this;
  }

  /** True or false. */
  public JsonWriter flag(String name, @Nullable Boolean value) throws IOException {
    if (value != null) {
      json.writeBooleanField(name, value);
    }
    return this;
  }

  /** Writes true, or leaves the field out. */
  public JsonWriter flagIfSet(String name, boolean value) throws IOException {
    return flag(name, value ? true : null);
  }

  /** Texts or whole numbers by name, sorted; nothing where there are none. */
  public JsonWriter map(String name, Map<String, ?> values) throws IOException {
    if (values.isEmpty()) {
      return this;
    }
    beginObject(name);
    for (Map.Entry<String, ?> entry : new TreeMap<>(values).entrySet()) {
      if (entry.getValue() instanceof Long number) {
        number(entry.getKey(), number);
      } else {
        text(entry.getKey(), entry.getValue());
      }
    }
    return endObject();
  }

  /** Whole numbers in a list; nothing where there are none. */
  public JsonWriter numbers(String name, Collection<Integer> values) throws IOException {
    if (!values.isEmpty()) {
      json.writeArrayFieldStart(name);
      for (int value : values) {
        json.writeNumber(value);
      }
      json.writeEndArray();
    }
    return this;
  }

  /** Texts in a list; nothing where there are none. */
  public JsonWriter texts(String name, Collection<String> values) throws IOException {
    if (!values.isEmpty()) {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
    return this;
  }

  /** The name of a value that is written next by itself, as lines write themselves. */
  public JsonWriter name(String name) throws IOException {
    json.writeFieldName(name);
    return this;
  }

  /** Begins an object inside the line. */
  public JsonWriter beginObject(String name) throws IOException {
    json.writeObjectFieldStart(name);
    return this;
  }

  /** Begins a list inside the line. */
  public JsonWriter beginList(String name) throws IOException {
    json.writeArrayFieldStart(name);
    return this;
  }

  /** Ends the list inside the line. */
  public JsonWriter endList() throws IOException {
    json.writeEndArray();
    return this;
  }

  /** Begins an object inside a list. */
  public JsonWriter beginObject() throws IOException {
    json.writeStartObject();
    return this;
  }

  /** Ends the object inside the line. */
  public JsonWriter endObject() throws IOException {
    json.writeEndObject();
    return this;
  }

  /** Hands on what was written so far. */
  public void flush() throws IOException {
    json.flush();
  }

  /** Hands on what was written; the stream stays open. */
  @Override
  public void close() throws IOException {
    json.close();
  }
}
