package io.llmaccounting.bedrock;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;

/**
 * The body of a request as the SDK is going to send it, for the reader of requests: the SDK makes
 * one only after it has begun the call. Images and other bytes are left empty, because nothing is
 * read of them. Confined to one thread.
 */
final class RequestJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator out;

  private RequestJson(JsonGenerator out) {
    this.out = out;
  }

  /** The body of {@code request}. */
  static byte[] of(SdkPojo request) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      new RequestJson(out).object(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void object(SdkPojo pojo) throws IOException {
    out.writeStartObject();
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (field.location() == MarshallLocation.PAYLOAD && !isLeftOut(value)) {
        out.writeFieldName(field.locationName());
        value(value);
      }
    }
    out.writeEndObject();
  }

  /** Lists and maps that were not given are empty ones. */
  private static boolean isLeftOut(@Nullable Object value) {
    return value == null
        || (value instanceof Collection<?> items && items.isEmpty())
        || (value instanceof Map<?, ?> entries && entries.isEmpty());
  }

  private void value(@Nullable Object value) throws IOException {
    if (value instanceof SdkPojo pojo) {
      object(pojo);
    } else if (value instanceof Document document) {
      document(document);
    } else if (value instanceof Iterable<?> items) {
      out.writeStartArray();
      for (Object item : items) {
        value(item);
      }
      out.writeEndArray();
    } else if (value instanceof Map<?, ?> entries) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        out.writeFieldName(String.valueOf(entry.getKey()));
        value(entry.getValue());
      }
      out.writeEndObject();
    } else {
      scalar(value);
    }
  }

  private void document(Document document) throws IOException {
    if (document.isMap()) {
      value(document.asMap());
    } else if (document.isList()) {
      value(document.asList());
    } else if (document.isNumber()) {
      out.writeNumber(document.asNumber().stringValue());
    } else {
      scalar(document.unwrap());
    }
  }

  private void scalar(@Nullable Object value) throws IOException {
    if (value instanceof Number number) {
      out.writeNumber(new BigDecimal(number.toString()));
    } else if (value instanceof Boolean yes) {
      out.writeBoolean(yes);
    } else if (value instanceof SdkBytes) {
      out.writeString("");
    } else if (value instanceof Instant time) {
      out.writeNumber(time.getEpochSecond());
    } else if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value.toString());
    }
  }
}
