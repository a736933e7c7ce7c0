package io.llmaccounting.anthropic;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Attempt;
import io.llmaccounting.tap.internal.Sending;
import io.llmaccounting.tap.internal.Transmission;
import java.util.concurrent.CompletableFuture;

/** Sends what is metered through {@code sending}, and from there through {@code wire}. */
record MeteredTransport(Tap tap, Wire wire, Sending sending) implements HttpClient {
  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    Outgoing out = outgoing(request);
    Sent sent = new Sent(wire, out.request(), options);
    return out.metered().isEmpty()
        ? sent.send(Attempt.UNMETERED)
        : sending.send(out.metered().get(), sent);
  }

  /** What fails, denials above all, is told where the client tells what it has itself. */
  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    Outgoing out = outgoing(request);
    Sent sent = new Sent(wire, out.request(), options);
    return out.metered().isEmpty()
        ? sent.sendAsync(Attempt.UNMETERED)
        : sending
            .sendAsync(out.metered().get(), sent)
            .exceptionallyComposeAsync(CompletableFuture::failedFuture, wire.executor());
  }

  private Outgoing outgoing(HttpRequest request) {
    CallContext.Scope scope = sending.open();
    try {
      return Outgoing.of(request, tap);
    } finally {
      scope.close();
    }
  }

  /** The transport belongs to the client that was given, which is closed by itself. */
  @Override
  public void close() {}

  private record Sent(Wire wire, HttpRequest request, RequestOptions options)
      implements Transmission<HttpResponse> {
    @Override
    public HttpResponse send(Attempt each) {
      return wire.within(each).execute(request, options);
    }

    /** Credentials may block: not on the thread that told of the admission. */
    @Override
    public CompletableFuture<HttpResponse> sendAsync(Attempt each) {
      return CompletableFuture.completedFuture(request)
          .thenComposeAsync(
              asked -> wire.within(each).executeAsync(asked, options), wire.executor());
    }

    @Override
    public HttpResponse tapped(HttpResponse response, Exchange exchange) {
      return TappedResponse.of(response, exchange);
    }

    @Override
    public void drop(HttpResponse response) {
      response.close();
    }
  }
}
