package io.llmaccounting.providers.request;

import io.llmaccounting.providers.internal.StorableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the body of a request which model is asked for how much: JSON, or a multipart form of
 * audio or images. The shape is told by the target's path where one is given, and else recognised.
 *
 * <p>A body that can not be read is no error: the result says why. Memory stays small whatever is
 * sent: texts are counted and not kept, and a body is unreadable if it nests deeper than 500
 * levels, has a number of more than 1,000 digits, or more than 256 MiB. Safe for use by many
 * threads.
 */
public final class RequestReader {
  private final @Nullable String provider;

  private RequestReader(@Nullable String provider) {
    this.provider = provider;
  }

  /** Tells providers by hosts, and by shapes that only one provider takes. */
  public static RequestReader create() {
    return new RequestReader(null);
  }

  /**
   * Returns a copy of this reader for requests to {@code provider}, whatever their host.
   *
   * @param provider OpenTelemetry's name, for instance {@code mistral_ai} or {@code x_ai}
   * @throws IllegalArgumentException if it is blank, has blanks around it, or exceeds 255 bytes
   */
  public RequestReader provider(String provider) {
    if (!provider.equals(StorableName.orNull(provider))) {
      throw new IllegalArgumentException(
          "provider must have 1 to 255 bytes and no blanks around it, was \"%.40s\""
              .formatted(provider));
    }
    return new RequestReader(provider);
  }

  /** Reads a whole body. */
  public ReadRequest read(byte[] body, RequestTarget target) {
    RequestStream stream = stream(target);
    stream.feed(body);
    return stream.finish();
  }

  /** Reads a whole body. */
  public ReadRequest read(String body, RequestTarget target) {
    return read(body.getBytes(StandardCharsets.UTF_8), target);
  }

  /**
   * Reads a body to its end. Leaves {@code body} open.
   *
   * @throws IOException if reading from {@code body} fails
   */
  public ReadRequest read(InputStream body, RequestTarget target) throws IOException {
    RequestStream stream = stream(target);
    byte[] chunk = new byte[8_192];
    for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
      stream.feed(chunk, 0, n);
    }
    return stream.finish();
  }

  /** Starts reading a body that passes by in pieces, cut anywhere. */
  public RequestStream stream(RequestTarget target) {
    return new RequestStream(target, provider);
  }
}
