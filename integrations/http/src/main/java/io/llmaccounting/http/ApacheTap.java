package io.llmaccounting.http;

import io.llmaccounting.providers.request.RequestTarget;
import io.llmaccounting.tap.Exchange;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.io.entity.BufferedHttpEntity;
import org.apache.hc.core5.http.protocol.HttpContext;

/** The outermost handler of a metered client. Safe for use by many threads. */
final class ApacheTap implements ExecChainHandler {
  static final String EXCHANGE = "io.llmaccounting.exchange";

  private final Tap tap;

  ApacheTap(Tap tap) {
    this.tap = tap;
  }

  /** As the innermost handler: counts requests on the wire. */
  static ClassicHttpResponse countAttempt(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    countAttempt(scope.clientContext);
    return chain.proceed(request, scope);
  }

  /** A request of the exchange in {@code context}, if any, goes out. */
  static void countAttempt(HttpContext context) {
    if (context.getAttribute(EXCHANGE) instanceof Exchange exchange) {
      exchange.attempted();
    }
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    HttpEntity entity = request.getEntity();
    RequestTarget target = target(request, scope.route);
    if (entity == null || !tap.concerns(request.getMethod(), target)) {
      return chain.proceed(request, scope);
    }
    if (!entity.isRepeatable()) {
      entity = new BufferedHttpEntity(entity);
      request.setEntity(entity);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    entity.writeTo(body);
    Optional<MeteredRequest> metered = tap.request(target, body.toByteArray());
    return metered.isEmpty()
        ? chain.proceed(request, scope)
        : exchanged(request, scope, chain, metered.get().begin());
  }

  static RequestTarget target(HttpRequest request, HttpRoute route) {
    String path = request.getPath() == null ? "/" : request.getPath();
    RequestTarget target =
        new RequestTarget(
            route.getTargetHost().getHostName(), RequestTarget.ofPath(path).path(), false);
    for (Header header : request.getHeaders()) {
      if (header.getValue() != null) {
        target = target.header(header.getName(), header.getValue());
      }
    }
    return target;
  }

  private static ClassicHttpResponse exchanged(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain, Exchange exchange)
      throws IOException, HttpException {
    exchange.unsent();
    HttpContext context = scope.clientContext;
    context.setAttribute(EXCHANGE, exchange);
    ClassicHttpResponse response;
    try {
      response = chain.proceed(request, scope);
    } catch (IOException | HttpException | RuntimeException | Error e) {
      end(exchange, scope.originalRequest, e);
      throw e;
    } finally {
      context.removeAttribute(EXCHANGE);
    }
    HttpEntity answer = response.getEntity();
    // the entity says how it is packed here, the headers how it was on the wire
    exchange.responded(
        response.getCode(),
        answer == null ? null : answer.getContentType(),
        answer == null ? null : answer.getContentEncoding());
    if (answer == null) {
      Exchange.await(exchange.completed());
    } else {
      response.setEntity(new ApacheBody(answer, exchange, scope.originalRequest));
    }
    return response;
  }

  /** An attempt failed, or was given up; what could not be recorded does not hide that. */
  static void end(Exchange exchange, ClassicHttpRequest request, Throwable error) {
    boolean cancelled = request instanceof CancellableDependency open && open.isCancelled();
    Exchange.await(cancelled ? exchange.cancelled() : exchange.brokeOff(error), error);
  }
}
