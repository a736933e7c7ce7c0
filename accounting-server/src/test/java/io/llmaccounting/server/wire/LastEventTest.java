package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.wire.Refusal.Code;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.eventstream.Message;
import software.amazon.awssdk.eventstream.MessageDecoder;

class LastEventTest {
  private static final Refusal STOPPED = Refusal.of(Code.RATE_LIMIT_EXCEEDED, "\"spent\"");

  @Test
  void isAnErrorInTheWordsOfEachWire() {
    assertThat(LastEvent.of(Wire.OPENAI_CHAT, STOPPED).toString())
        .isEqualTo(
            "data: {\"error\":{\"message\":\"\\\"spent\\\"\",\"type\":\"rate_limit_error\",\"param\":null,"
                + "\"code\":\"rate_limit_exceeded\"}}\n\n");
    assertThat(LastEvent.of(Wire.OPENAI_RESPONSES, STOPPED).toString())
        .isEqualTo(
            "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"object\":\"response\","
                + "\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"\\\"spent\\\"\"},"
                + "\"incomplete_details\":null,\"output\":[]}}\n\n");
    assertThat(LastEvent.of(Wire.ANTHROPIC, STOPPED).toString())
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
                + "\"message\":\"\\\"spent\\\"\"},\"request_id\":null}\n\n");
    assertThat(LastEvent.of(Wire.GEMINI, STOPPED).toString())
        .startsWith("data: {\"error\":{\"code\":429,\"message\":\"\\\"spent\\\"\",")
        .endsWith("}}\n\n");
    assertThat(LastEvent.of(Wire.COHERE, STOPPED).toString())
        .isEqualTo(
            "event: message-end\ndata: {\"type\":\"message-end\",\"delta\":{\"error\":\"\\\"spent\\\"\","
                + "\"finish_reason\":\"ERROR\"}}\n\n");
    assertThat(LastEvent.of(Wire.OLLAMA, STOPPED).toString())
        .isEqualTo("{\"error\":\"\\\"spent\\\"\"}\n");
  }

  @ParameterizedTest
  @EnumSource
  void neverSaysThatAStreamIsComplete(Wire wire) {
    assertThat(LastEvent.of(wire, STOPPED).toString()).doesNotContain("[DONE]", "message_stop");
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST, validationException",
    "RATE_LIMIT_EXCEEDED, throttlingException",
    "INTERNAL_ERROR, internalServerException",
    "UPSTREAM_UNAVAILABLE, modelStreamErrorException",
    "ACCOUNTING_UNAVAILABLE, serviceUnavailableException",
    "UPSTREAM_TIMEOUT, modelStreamErrorException"
  })
  void isAFrameThatAmazonsDecoderReads(Code code, String exception) {
    List<Message> messages = new ArrayList<>();
    MessageDecoder decoder = new MessageDecoder(messages::add);

    decoder.feed(LastEvent.of(Wire.BEDROCK, Refusal.of(code, "\u00fc")).getBytes());

    assertThat(messages).hasSize(1);
    Message message = messages.get(0);
    assertThat(message.getHeaders().get(":message-type").getString()).isEqualTo("exception");
    assertThat(message.getHeaders().get(":exception-type").getString()).isEqualTo(exception);
    assertThat(message.getHeaders().get(":content-type").getString()).isEqualTo("application/json");
    assertThat(new String(message.getPayload(), StandardCharsets.UTF_8))
        .isEqualTo("{\"message\":\"\u00fc\"}");
  }

  @Test
  void keepsAliveWithWhatEveryClientPassesOver() {
    assertThat(KeepAlive.of(Wire.OPENAI_CHAT).toString()).isEqualTo(": keep-alive\n\n");
    assertThat(KeepAlive.of(Wire.ANTHROPIC).toString())
        .isEqualTo("event: ping\ndata: {\"type\": \"ping\"}\n\n");
    for (Wire silent : List.of(Wire.GEMINI, Wire.BEDROCK, Wire.OLLAMA)) {
      assertThat(KeepAlive.of(silent)).isEqualTo(Buffer.buffer());
    }
  }
}
