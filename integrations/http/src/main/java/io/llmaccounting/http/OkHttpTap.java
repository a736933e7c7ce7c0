package io.llmaccounting.http;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/** The outermost interceptor of a metered client. Safe for use by many threads. */
final class OkHttpTap implements Interceptor {
  private final Tap tap;
  private final MeteredOkHttp.Origins origins;

  OkHttpTap(Tap tap, MeteredOkHttp.Origins origins) {
    this.tap = tap;
    this.origins = origins;
  }

  /** As a network interceptor: counts requests on the wire. */
  static Response countAttempt(Chain chain) throws IOException {
    Exchange exchange = chain.request().tag(Exchange.class);
    if (exchange != null) {
      exchange.attempted();
    }
    return chain.proceed(chain.request());
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    MeteredOkHttp.Origin origin = origins.of(chain.call());
    boolean here = origin == null ? !isDispatchers() : origin.thread() == Thread.currentThread();
    if (here) {
      return tapped(chain);
    }
    CallContext context = origin == null ? CallContext.current() : origin.context();
    CallContext.Scope scope = context.open();
    try {
      return tapped(chain);
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      scope.close();
    }
  }

  /** How OkHttp names its threads, for calls of which the origin is not known. */
  private static boolean isDispatchers() {
    return Thread.currentThread().getName().startsWith("OkHttp ");
  }

  private Response tapped(Chain chain) throws IOException {
    Request request = chain.request();
    RequestBody body = request.body();
    RequestTarget target = target(request);
    if (body == null || body.isDuplex() || !tap.concerns(request.method(), target)) {
      return chain.proceed(request);
    }
    Buffer bytes = new Buffer();
    body.writeTo(bytes);
    byte[] whole = bytes.readByteArray();
    Request sent =
        body.isOneShot()
            ? request
                .newBuilder()
                .method(request.method(), RequestBody.create(whole, body.contentType()))
                .build()
            : request;
    Optional<MeteredRequest> metered = tap.request(target, whole);
    return metered.isEmpty() ? chain.proceed(sent) : exchanged(chain, sent, metered.get().begin());
  }

  private static RequestTarget target(Request request) {
    RequestTarget target =
        new RequestTarget(request.url().host(), request.url().encodedPath(), false);
    for (String value : request.headers("Accept")) {
      target = target.header("Accept", value);
    }
    for (String value : request.headers("X-DashScope-SSE")) {
      target = target.header("X-DashScope-SSE", value);
    }
    return target;
  }

  private static Response exchanged(Chain chain, Request request, Exchange exchange)
      throws IOException {
    exchange.unsent();
    Response response;
    try {
      response = chain.proceed(request.newBuilder().tag(Exchange.class, exchange).build());
    } catch (IOException | RuntimeException | Error e) {
      end(exchange, chain.call(), e);
      throw e;
    }
    exchange.responded(
        response.code(), response.header("Content-Type"), response.header("Content-Encoding"));
    ResponseBody body = response.body();
    return response.newBuilder().body(new OkHttpBody(body, exchange, chain.call())).build();
  }

  /** An attempt failed, or was given up; what could not be recorded does not hide that. */
  static void end(Exchange exchange, Call call, Throwable error) {
    // the client cancels calls that run out of time, too
    boolean timeout =
        error instanceof InterruptedIOException && !Thread.currentThread().isInterrupted();
    boolean givenUp = call.isCanceled() && !timeout;
    Exchange.await(givenUp ? exchange.cancelled() : exchange.brokeOff(error), error);
  }
}
