package io.llmaccounting.server.rest.http;

import io.llmaccounting.json.JsonWriter;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is answered.
 *
 * @param status the HTTP status
 * @param headers headers by name
 * @param body the body; empty for none
 * @param pages what follows the body piece by piece, or null
 */
public record Answer(int status, Map<String, String> headers, Buffer body, @Nullable Pages pages) {
  /** Copies the headers. */
  public Answer {
    headers = Map.copyOf(headers);
  }

  /** An answer that is there as a whole. */
  public Answer(int status, Map<String, String> headers, Buffer body) {
    this(status, headers, body, null);
  }

  /** An answer of this type that comes piece by piece. */
  public static Answer paged(String type, Pages pages) {
    return new Answer(200, Map.of("Content-Type", type), Buffer.buffer(), pages);
  }

  /** Writes fields into an object that is open. */
  @FunctionalInterface
  public interface Fields {
    /** Writes them. */
    void write(JsonWriter to) throws IOException;
  }

  /** An object. */
  public static Answer json(int status, Fields fields) {
    return of(status, "application/json", fields);
  }

  /** An object, of status 200. */
  public static Answer ok(Fields fields) {
    return json(200, fields);
  }

  /** One value that writes itself as a line. */
  public static Answer line(Fields line) {
    return new Answer(200, Map.of("Content-Type", "application/json"), bytes(line));
  }

  static Answer of(int status, String type, Fields fields) {
    return new Answer(
        status,
        Map.of("Content-Type", type),
        bytes(
            to -> {
              to.beginObject();
              fields.write(to);
              to.endObject();
            }));
  }

  /** Nothing but that it was done. */
  public static Answer done() {
    return new Answer(204, Map.of(), Buffer.buffer());
  }

  /** Returns the same with one more header. */
  public Answer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body, pages);
  }

  /** What is written, as bytes. */
  public static Buffer bytes(Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonWriter to = new JsonWriter(out)) {
      fields.write(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(out.toByteArray());
  }
}
