package io.llmaccounting.anthropic;

import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpResponse;
import io.llmaccounting.tap.Exchange;
import java.io.InputStream;
import java.util.List;

/** An answer whose body is told to its exchange as it is read. */
final class TappedResponse implements HttpResponse {
  private final HttpResponse response;
  private final Exchange exchange;
  private final InputStream body;

  private TappedResponse(HttpResponse response, Exchange exchange, InputStream body) {
    this.response = response;
    this.exchange = exchange;
    this.body = body;
  }

  /** An answer that has begun. */
  static HttpResponse of(HttpResponse response, Exchange exchange) {
    List<String> types = response.headers().values("content-type");
    exchange.responded(response.statusCode(), types.isEmpty() ? null : types.get(0), null);
    return new TappedResponse(response, exchange, exchange.passing(response.body()));
  }

  @Override
  public int statusCode() {
    return response.statusCode();
  }

  @Override
  public Headers headers() {
    return response.headers();
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public void close() {
    try {
      Exchange.await(exchange.cancelled());
    } finally {
      response.close();
    }
  }
}
