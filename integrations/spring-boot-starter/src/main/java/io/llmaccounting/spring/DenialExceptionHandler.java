package io.llmaccounting.spring;

import io.llmaccounting.tap.internal.Problem;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Answers denials that no controller's advice has answered, in reactive applications. */
final class DenialExceptionHandler implements WebExceptionHandler, Ordered {
  private final boolean tellsLimits;

  DenialExceptionHandler(boolean tellsLimits) {
    this.tellsLimits = tellsLimits;
  }

  @Override
  public int getOrder() {
    return FilterOrder.BEFORE_ERRORS;
  }

  @Override
  public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
    ServerHttpResponse response = exchange.getResponse();
    if (response.isCommitted()) {
      return Mono.error(error);
    }
    return Refusal.in(error, tellsLimits)
        .map(problem -> write(problem, response))
        .orElseGet(() -> Mono.error(error));
  }

  private static Mono<Void> write(Problem problem, ServerHttpResponse response) {
    response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
    response.getHeaders().set(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
    if (problem.retryAfter() != null) {
      response.getHeaders().set(HttpHeaders.RETRY_AFTER, problem.retryAfter().toString());
    }
    return response.writeWith(Mono.just(response.bufferFactory().wrap(problem.bytes())));
  }
}
