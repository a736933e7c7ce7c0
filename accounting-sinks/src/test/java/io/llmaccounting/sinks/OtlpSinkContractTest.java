package io.llmaccounting.sinks;

import java.time.Duration;
import java.util.Map;

class OtlpSinkContractTest extends HttpSinkContract {
  OtlpSinkContractTest() {
    super("\"traceId\":\"([0-9a-f]{32})\"");
  }

  @Override
  protected Sink open() {
    return new OtlpSink(
        "otlp", receiver.uri("/v1/traces"), Map.of(), "tests", Duration.ofSeconds(60));
  }
}
