package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.gateway.RelayedEvent.Type;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayedEventTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"response.create\"} | CREATE |",
        "{\"event_id\":\"a\",\"type\":\"response.create\",\"response\":{\"event_id\":\"b\"}} | CREATE | a",
        "{\"type\":\"session.update\",\"type\":\"response.create\"} | CREATE |",
        "{\"type\":\"response\\u002ecreate\"} | CREATE |",
        "{\"type\":\"response.created\",\"event_id\":\"a\"} | CREATED | a",
        "{\"type\":\"response.done\"} | DONE |",
        "{\"type\":\"error\",\"event_id\":\"a\",\"error\":{\"type\":\"x\",\"event_id\":\"b\"}} | ERROR | b",
        "{\"type\":\"error\",\"event_id\":\"a\",\"error\":{\"event_id\":null}} | ERROR |",
        "{\"type\":\"response.output_text.delta\",\"delta\":\"{\"} | OTHER |",
        "{\"x\":{\"type\":\"response.create\"}} | OTHER |",
        "[\"response.create\"] | OTHER |",
        "{\"type\":\"response.create\" | OTHER |",
        "sound | OTHER |"
      })
  void tellsWhatAnEventIsAbout(String message, Type type, String id) {
    assertThat(RelayedEvent.of(message)).isEqualTo(new RelayedEvent(type, id));
  }
}
