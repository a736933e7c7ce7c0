package io.llmaccounting.anthropic;

import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.AskedTarget;
import io.llmaccounting.tap.internal.CallHeader;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * A request as it is to go out.
 *
 * @param metered empty if it passes unmetered
 */
record Outgoing(HttpRequest request, Optional<MeteredRequest> metered) {
  static final String API_KEY = "X-Api-Key";

  /** The key of a request whose key is still to come. */
  static final String NO_KEY = "of-the-client";

  private static final String RETRIES = "X-Stainless-Retry-Count";

  /** Reads {@code request}, in the context of this thread and what the request says itself. */
  static Outgoing of(HttpRequest request, Tap tap) {
    CallContext.Scope scope = CallHeader.open(request.headers().values(CallHeader.NAME), tap);
    try {
      HttpRequest sent = asAsked(request);
      Optional<RequestTarget> target =
          AskedTarget.of(tap, sent.method().name(), sent.url(), sent.headers().values("accept"));
      return target.isEmpty()
          ? new Outgoing(sent, Optional.empty())
          : read(sent.buffered(), target.get(), tap);
    } finally {
      scope.close();
    }
  }

  /** Without what was added above the metering: who calls, no key, and the count of no retries. */
  private static HttpRequest asAsked(HttpRequest request) {
    HttpRequest.Builder asked = request.toBuilder().removeHeaders(CallHeader.NAME);
    if (request.headers().values(API_KEY).contains(NO_KEY)) {
      asked.removeHeaders(API_KEY);
    }
    if (request.headers().values(RETRIES).contains("0")) {
      asked.removeHeaders(RETRIES);
    }
    return asked.build();
  }

  private static Outgoing read(HttpRequest request, RequestTarget target, Tap tap) {
    return new Outgoing(request, request.body().flatMap(body -> tap.request(target, bytes(body))));
  }

  private static byte[] bytes(HttpRequestBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.writeTo(bytes);
    return bytes.toByteArray();
  }
}
