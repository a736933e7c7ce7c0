package io.llmaccounting.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import java.time.Duration;
import java.util.Objects;

/**
 * An HTTP client of LangChain4j that tells the metered model above it what passes on the wire: how
 * often a request is repeated, and the answer with all that LangChain4j does not hand out. Models
 * take it as their {@code httpClientBuilder}. It meters nothing by itself: what no metered model
 * asks passes untouched. Builders are for one thread, what they build is for many.
 *
 * <p>A stream that ends early leaves its record at once, also where LangChain4j calls no handler.
 */
public final class TellingHttp implements HttpClientBuilder {
  private final HttpClientBuilder builder;

  private TellingHttp(HttpClientBuilder builder) {
    this.builder = Objects.requireNonNull(builder, "builder is required, was null");
  }

  /** Builds what {@code builder} builds, and lets it tell. */
  public static HttpClientBuilder of(HttpClientBuilder builder) {
    return new TellingHttp(builder);
  }

  @Override
  public Duration connectTimeout() {
    return builder.connectTimeout();
  }

  @Override
  public HttpClientBuilder connectTimeout(Duration timeout) {
    builder.connectTimeout(timeout);
    return this;
  }

  @Override
  public Duration readTimeout() {
    return builder.readTimeout();
  }

  @Override
  public HttpClientBuilder readTimeout(Duration timeout) {
    builder.readTimeout(timeout);
    return this;
  }

  @Override
  public HttpClient build() {
    return new TellingClient(builder.build());
  }
}
