package io.llmaccounting.http;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Tap;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Clients of Apache HttpClient 5 that meter calls of models; what else is sent passes untouched.
 *
 * <p>Outside of what the client does by itself: what it repeats is one call, and each request on
 * the wire an attempt of it. A denial is thrown as {@link
 * io.llmaccounting.limit.QuotaExceededException}, also one that stops a stream, by whoever reads
 * the entity.
 */
public final class MeteredApacheHttp {
  private MeteredApacheHttp() {}

  /** Lets the clients that {@code builder} builds meter by {@code meter}; returns the builder. */
  public static HttpClientBuilder meter(HttpClientBuilder builder, CallMeter meter) {
    return meter(builder, Tap.of(meter));
  }

  /**
   * Lets the clients that {@code builder} builds meter as {@code tap} says; returns the builder.
   */
  public static HttpClientBuilder meter(HttpClientBuilder builder, Tap tap) {
    return builder
        .addExecInterceptorFirst("llm-accounting", new ApacheTap(tap))
        .addExecInterceptorLast("llm-accounting-attempts", ApacheTap::countAttempt);
  }
}
