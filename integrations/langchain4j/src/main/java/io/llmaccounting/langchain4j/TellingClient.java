package io.llmaccounting.langchain4j;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.llmaccounting.tap.internal.Underway;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells the call that a metered model has under way what passes. Safe for use by many threads. */
final class TellingClient implements HttpClient {
  private final HttpClient client;

  TellingClient(HttpClient client) {
    this.client = client;
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    Optional<Underway> underway = Underway.current();
    underway.ifPresent(call -> call.exchange().attempted());
    SuccessfulHttpResponse response;
    try {
      response = client.execute(request);
    } catch (HttpException e) {
      underway.ifPresent(call -> tellStatus(call, e));
      throw e;
    }
    underway.ifPresent(call -> tell(call, response));
    return response;
  }

  /** What an answer's status says; the client throws for it. */
  static void tellStatus(Underway call, HttpException error) {
    call.exchange().responded(error.statusCode(), null, null);
  }

  private static void tell(Underway call, SuccessfulHttpResponse response) {
    String body = response.body();
    if (body != null) {
      call.reads();
      call.exchange().responded(response.statusCode(), response.contentType(), null);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      call.exchange().feed(bytes, 0, bytes.length);
    }
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    Optional<Underway> underway = Underway.current();
    underway.ifPresent(call -> call.exchange().attempted());
    client.execute(
        request,
        parser,
        underway
            .<ServerSentEventListener>map(call -> new TellingListener(call, listener))
            .orElse(listener));
  }
}
