package io.llmaccounting.sinks;

import java.time.Duration;

class LangfuseSinkContractTest extends HttpSinkContract {
  LangfuseSinkContractTest() {
    super("\"traceId\":\"([0-9a-f-]{36})\"");
  }

  @Override
  protected Sink open() {
    return new LangfuseSink("langfuse", receiver.uri("/"), "pk", "sk", Duration.ofSeconds(60));
  }
}
