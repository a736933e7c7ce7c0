package io.llmaccounting.openai;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import io.llmaccounting.tap.Exchange;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * An answer that has begun.
   *
   * @param hidden the usage that is kept from the application, null where it has asked itself
   */
  static HttpResponse of(HttpResponse response, Exchange exchange, @Nullable StreamUsage hidden) {
    List<String> types = response.headers().values("content-type");
    exchange.responded(response.statusCode(), types.isEmpty() ? null : types.get(0), null);
    InputStream tapped = exchange.passing(response.body());
    return new TappedResponse(
        response, exchange, hidden == null ? tapped : new WithoutUsage(tapped, hidden));
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
