package io.llmaccounting.http;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A client of the JDK that meters calls of models; what else is sent passes untouched. Bodies pass
 * unchanged and at the pace of the application. Safe for use by many threads.
 *
 * <p>A denial is thrown as {@link QuotaExceededException}, and {@link #sendAsync} fails with it;
 * nothing is sent. One that comes while an answer streams, because the answer outgrew a limit, ends
 * the body: as the exception of {@code send} where the handler collects the body, as the cause of
 * an {@link IOException} where the application reads it itself.
 *
 * <p>What this client repeats by itself, for a redirect or credentials, is one call and one
 * attempt. Calls that the application repeats are one call where it makes them in {@link
 * io.llmaccounting.call.LlmCall#ask}.
 */
public final class MeteredHttpClient extends HttpClient {
  private final HttpClient client;
  private final Tap tap;
  private final ClientLifetime lifetime;

  private MeteredHttpClient(HttpClient client, Tap tap) {
    this.client = Objects.requireNonNull(client, "client is required, was null");
    this.tap = tap;
    this.lifetime = new ClientLifetime(client);
  }

  /** Meters what {@code client} sends to models, by {@code meter}. */
  public static HttpClient of(HttpClient client, CallMeter meter) {
    return of(client, Tap.of(meter));
  }

  /** Meters what {@code client} sends to models, as {@code tap} says. */
  public static HttpClient of(HttpClient client, Tap tap) {
    return new MeteredHttpClient(client, tap);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Optional<HttpRequest.BodyPublisher> body = body(request);
    if (body.isEmpty()) {
      return client.send(request, handler);
    }
    List<ByteBuffer> pieces = wait(CollectedBody.of(body.get()));
    HttpRequest whole = whole(request, pieces, body.get());
    Optional<MeteredRequest> metered = tap.request(target(request), pieces);
    return metered.isEmpty()
        ? client.send(whole, handler)
        : send(whole, handler, metered.get().begin());
  }

  private static <T> T wait(CompletableFuture<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known
          ? known
          : new IOException("the body of the request could not be read", e.getCause());
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler, Exchange exchange)
      throws IOException, InterruptedException {
    HandOut handOut = new HandOut(exchange);
    HttpResponse<T> response;
    try {
      exchange.attempted();
      response = client.send(request, tapped(handler, handOut));
    } catch (InterruptedException e) {
      Exchange.await(exchange.cancelled(), e);
      throw e;
    } catch (IOException | RuntimeException e) {
      Exchange.await(exchange.failed(e), e);
      if (e.getCause() instanceof QuotaExceededException denied) {
        throw denied;
      }
      throw e;
    } catch (Error e) {
      Exchange.await(exchange.failed(e), e);
      throw e;
    }
    return handOut.handOut(response);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return sendAsync(request, handler, null);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
    Optional<HttpRequest.BodyPublisher> body = body(request);
    return body.isEmpty()
        ? client.sendAsync(request, handler, pushes)
        : new PendingSend<>(client, tap, handler, pushes).start(request, body.get());
  }

  private Optional<HttpRequest.BodyPublisher> body(HttpRequest request) {
    return tap.concerns(request.method(), target(request))
        ? request.bodyPublisher()
        : Optional.empty();
  }

  static RequestTarget target(HttpRequest request) {
    RequestTarget target = RequestTarget.of(request.uri());
    for (String value : request.headers().allValues("accept")) {
      target = target.header("accept", value);
    }
    for (String value : request.headers().allValues("x-dashscope-sse")) {
      target = target.header("x-dashscope-sse", value);
    }
    return target;
  }

  /** The same request with a body that can be sent though it was read. */
  static HttpRequest whole(
      HttpRequest request, List<ByteBuffer> pieces, HttpRequest.BodyPublisher body) {
    return HttpRequest.newBuilder(request, (name, value) -> true)
        .method(request.method(), CollectedBody.publisher(pieces, body))
        .build();
  }

  static <T> BodyHandler<T> tapped(BodyHandler<T> handler, HandOut handOut) {
    return info -> {
      handOut
          .exchange()
          .responded(
              info.statusCode(),
              info.headers().firstValue("content-type").orElse(null),
              info.headers().firstValue("content-encoding").orElse(null));
      return new TappedBody<>(handler.apply(info), handOut);
    };
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return client.newWebSocketBuilder();
  }

  /**
   * Lets no more requests begin, on JDK 21 and later; does nothing before. The client that was
   * given ends, as in all methods that follow: this one has no life of its own.
   */
  // overrides what the JDK that this is compiled for does not have, as the others below
  public void shutdown() {
    lifetime.shutdown();
  }

  /** As {@link #shutdown}, and gives up requests that are under way. */
  public void shutdownNow() {
    lifetime.shutdownNow();
  }

  /**
   * Waits until all requests have ended after {@link #shutdown}.
   *
   * @return false if they have not within {@code time}; always true before JDK 21
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitTermination(Duration time) throws InterruptedException {
    return lifetime.awaitTermination(time);
  }

  /** Whether all requests have ended after {@link #shutdown}; always false before JDK 21. */
  public boolean isTerminated() {
    return lifetime.isTerminated();
  }

  /** Lets no more requests begin and waits for those under way; does nothing before JDK 21. */
  public void close() {
    lifetime.close();
  }
}
