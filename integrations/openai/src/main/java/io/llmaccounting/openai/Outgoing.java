package io.llmaccounting.openai;

import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.AskedTarget;
import io.llmaccounting.tap.internal.CallHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as it is to go out.
 *
 * @param metered empty if it passes unmetered
 * @param hidden the usage that was asked for and is kept from the application, null if none
 */
record Outgoing(
    HttpRequest request, Optional<MeteredRequest> metered, @Nullable StreamUsage hidden) {

  /** Reads {@code request}, in the context of this thread and what the request says itself. */
  static Outgoing of(HttpRequest request, Tap tap, StreamUsage usage) {
    CallContext.Scope scope = CallHeader.open(request.headers().values(CallHeader.NAME), tap);
    try {
      HttpRequest sent = withoutCount(request.toBuilder().removeHeaders(CallHeader.NAME).build());
      HttpRequestBody body = sent.body();
      Optional<RequestTarget> target =
          AskedTarget.of(tap, sent.method().name(), sent.url(), sent.headers().values("accept"));
      return body == null || target.isEmpty()
          ? new Outgoing(sent, Optional.empty(), null)
          : read(sent, target.get(), body, tap, usage);
    } finally {
      scope.close();
    }
  }

  /** The SDK counts retries above the metering, where there are none, unless it finds a count. */
  private static HttpRequest withoutCount(HttpRequest request) {
    return request.headers().values("X-Stainless-Retry-Count").contains("0")
        ? request.toBuilder().removeHeaders("X-Stainless-Retry-Count").build()
        : request;
  }

  private static Outgoing read(
      HttpRequest request, RequestTarget target, HttpRequestBody body, Tap tap, StreamUsage usage) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.writeTo(bytes);
    byte[] whole = bytes.toByteArray();
    Optional<MeteredRequest> metered = tap.request(target, whole);
    String path = target.path();
    byte[] asked = metered.isEmpty() || path == null ? null : usage.asked(path, whole);
    return new Outgoing(
        request.toBuilder().body(new Known(body, asked == null ? whole : asked)).build(),
        metered,
        asked == null ? null : usage);
  }

  /** A body of which all bytes are known. */
  private static final class Known implements HttpRequestBody {
    private final HttpRequestBody body;
    private final byte[] bytes;

    Known(HttpRequestBody body, byte[] bytes) {
      this.body = body;
      this.bytes = bytes;
    }

    @Override
    public void writeTo(OutputStream out) {
      try {
        out.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public @Nullable String contentType() {
      return body.contentType();
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean repeatable() {
      return body.repeatable();
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
