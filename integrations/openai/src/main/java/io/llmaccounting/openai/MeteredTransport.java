package io.llmaccounting.openai;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
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
    Sent sent = new Sent(wire, out, options);
    return out.metered().isEmpty()
        ? sent.send(Attempt.UNMETERED)
        : sending.send(out.metered().get(), sent);
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    Outgoing out = outgoing(request);
    Sent sent = new Sent(wire, out, options);
    return out.metered().isEmpty()
        ? sent.sendAsync(Attempt.UNMETERED)
        : sending.sendAsync(out.metered().get(), sent);
  }

  private Outgoing outgoing(HttpRequest request) {
    CallContext.Scope scope = sending.open();
    try {
      return Outgoing.of(request, tap, wire.usage());
    } finally {
      scope.close();
    }
  }

  /** The transport belongs to the client that was given, which is closed by itself. */
  @Override
  public void close() {}

  private record Sent(Wire wire, Outgoing out, RequestOptions options)
      implements Transmission<HttpResponse> {
    @Override
    public HttpResponse send(Attempt each) {
      return wire.within(each).execute(out.request(), options);
    }

    @Override
    public CompletableFuture<HttpResponse> sendAsync(Attempt each) {
      return wire.within(each).executeAsync(out.request(), options);
    }

    @Override
    public HttpResponse tapped(HttpResponse response, Exchange exchange) {
      return TappedResponse.of(response, exchange, out.hidden());
    }

    @Override
    public void drop(HttpResponse response) {
      response.close();
    }
  }
}
