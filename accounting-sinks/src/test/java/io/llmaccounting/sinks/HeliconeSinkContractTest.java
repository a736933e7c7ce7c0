package io.llmaccounting.sinks;

import java.time.Duration;

class HeliconeSinkContractTest extends HttpSinkContract {
  HeliconeSinkContractTest() {
    super("\"Helicone-Request-Id\":\"([0-9a-f-]{36})\"");
  }

  @Override
  protected Sink open() {
    return new HeliconeSink("helicone", receiver.uri("/"), "key", Duration.ofSeconds(60));
  }
}
