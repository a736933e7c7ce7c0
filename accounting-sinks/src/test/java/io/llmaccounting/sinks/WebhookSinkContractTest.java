package io.llmaccounting.sinks;

import java.time.Duration;
import java.util.List;

class WebhookSinkContractTest extends HttpSinkContract {
  WebhookSinkContractTest() {
    super("\"id\":\"([0-9a-f-]{36})\"");
  }

  @Override
  protected Sink open() {
    return new WebhookSink(
        "hook",
        receiver.uri("/"),
        List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        Duration.ofSeconds(60));
  }
}
