package io.llmaccounting.http;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.Tap;
import org.apache.hc.client5.http.impl.async.H2AsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Clients of Apache HttpClient 5 that meter calls of models; what else is sent passes untouched.
 *
 * <p>Outside of what the client does by itself: what it repeats is one call, and each request on
 * the wire an attempt of it. A denial is thrown as {@link
 * io.llmaccounting.limit.QuotaExceededException}, also one that stops a stream, by whoever reads
 * the entity. The future of an asynchronous client fails with it, in both cases. Who calls is in
 * the {@link io.llmaccounting.call.CallContext} of the thread that executes.
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

  /** As {@link #meter(HttpClientBuilder, CallMeter)}, for clients that do not wait. */
  public static HttpAsyncClientBuilder meter(HttpAsyncClientBuilder builder, CallMeter meter) {
    return meter(builder, Tap.of(meter));
  }

  /** As {@link #meter(HttpClientBuilder, Tap)}, for clients that do not wait. */
  public static HttpAsyncClientBuilder meter(HttpAsyncClientBuilder builder, Tap tap) {
    return builder
        .addExecInterceptorFirst("llm-accounting", new ApacheAsyncTap(tap))
        .addExecInterceptorLast("llm-accounting-attempts", ApacheAsyncTap::countAttempt);
  }

  /** As {@link #meter(HttpClientBuilder, CallMeter)}, for clients that speak HTTP/2 only. */
  public static H2AsyncClientBuilder meter(H2AsyncClientBuilder builder, CallMeter meter) {
    return meter(builder, Tap.of(meter));
  }

  /** As {@link #meter(HttpClientBuilder, Tap)}, for clients that speak HTTP/2 only. */
  public static H2AsyncClientBuilder meter(H2AsyncClientBuilder builder, Tap tap) {
    return builder
        .addExecInterceptorFirst("llm-accounting", new ApacheAsyncTap(tap))
        .addExecInterceptorLast("llm-accounting-attempts", ApacheAsyncTap::countAttempt);
  }
}
