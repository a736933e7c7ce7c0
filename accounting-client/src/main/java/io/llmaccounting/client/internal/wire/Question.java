package io.llmaccounting.client.internal.wire;

import io.llmaccounting.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What the server is asked.
 *
 * @param method the HTTP method
 * @param path path and query, below the address of the server
 * @param body a JSON object in UTF-8, or null
 */
@SuppressWarnings("ArrayRecordComponent") // it is written once and sent
public record Question(String method, String path, byte @Nullable [] body) {
  /** Writes the fields of a body. */
  @FunctionalInterface
  public interface Fields {
    /** Writes into an object that is open. */
    void write(JsonWriter to) throws IOException;
  }

  /** Asks for something to be read. */
  public static Question get(String path) {
    return new Question("GET", path, null);
  }

  /** Sends nothing but the question. */
  public static Question post(String path) {
    return new Question("POST", path, null);
  }

  /** Sends a body. */
  public static Question post(String path, byte[] body) {
    return new Question("POST", path, body);
  }

  /** Sends an object of these fields. */
  public static Question post(String path, Fields fields) {
    return post(
        path,
        written(
            to -> {
              to.beginObject();
              fields.write(to);
              to.endObject();
            }));
  }

  /** What {@code value} writes, in UTF-8. */
  public static byte[] written(Fields value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonWriter to = new JsonWriter(out)) {
      value.write(to);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every byte", e);
    }
    return out.toByteArray();
  }
}
