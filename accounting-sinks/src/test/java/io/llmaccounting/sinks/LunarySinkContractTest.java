package io.llmaccounting.sinks;

import java.time.Duration;

class LunarySinkContractTest extends HttpSinkContract {
  LunarySinkContractTest() {
    super("\"runId\":\"([0-9a-f-]{36})\"");
  }

  @Override
  protected Sink open() {
    return new LunarySink("lunary", receiver.uri("/"), "key", Duration.ofSeconds(60));
  }
}
