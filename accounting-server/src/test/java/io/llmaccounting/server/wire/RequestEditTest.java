package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestEditTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"stream\":true}|{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "' { \"stream\" : true , \"n\":1 \t} '|' { \"stream\" : true , \"n\":1,\"stream_options\":{\"include_usage\":true} \t} '",
        "{\"stream\":true,\"stream_options\":{}}|{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"stream\":true,\"stream_options\":{ }}|{\"stream\":true,\"stream_options\":{\"include_usage\":true }}",
        "{\"stream_options\":{\"a\":[1]},\"stream\":true}|{\"stream_options\":{\"a\":[1],\"include_usage\":true},\"stream\":true}",
        "{\"stream_options\":{\"include_usage\": false },\"stream\":true}|{\"stream_options\":{\"include_usage\": true },\"stream\":true}",
        "{\"stream_options\":{\"include_usage\":null},\"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"stream\":true}",
        "{\"stream_options\":null,\"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"stream\":true}",
        "{\"stream\":false,\"stream\":true}|{\"stream\":false,\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"stream_options\":{}}|{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"stream_options\":{\"include_usage\":true}}",
        "{\"stream_options\":{\"include_usage\":true,\"include_usage\":false},\"stream\":true}|{\"stream_options\":{\"include_usage\":true,\"include_usage\":true},\"stream\":true}",
        "{\"str\\u0065am\":true}|{\"str\\u0065am\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"a\":\"}\\\\\",\"b\":\"\\\"{[\",\"stream\":true}|{\"a\":\"}\\\\\",\"b\":\"\\\"{[\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"a\":{\"stream_options\":{\"include_usage\":true}},\"stream\":true}|{\"a\":{\"stream_options\":{\"include_usage\":true}},\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
      })
  void asksStreamsForTheirUsage(String body, String asked) {
    assertThat(RequestEdit.askUsage(Buffer.buffer(body)).toString()).isEqualTo(asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{}",
        "[{\"stream\":true}]",
        "\"stream\"",
        "null",
        "{\"stream\":true",
        "{\"stream\":true}}",
        "{\"stream\":true,}",
        "{\"stream\" true}",
        "{\"stream\":}",
        "{\"str\\xeam\":true}",
        "{\"str\\u00zzam\":true}",
        "{\"a\":\"\\",
        "{\"stream\":false}",
        "{\"stream\":\"true\"}",
        "{\"stream\":true,\"stream\":false}",
        "{\"x\":{\"stream\":true}}",
        "{\"stream\":true,\"stream_options\":\"x\"}",
        "{\"stream\":true,\"stream_options\":[]}",
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"stream\":true,\"stream_options\":{\"include_usage\":false,\"include_usage\":true}}",
      })
  void leavesAsItIsWhatIsNoStreamOrAsksAlready(String text) {
    Buffer body = Buffer.buffer(text);

    assertThat(RequestEdit.askUsage(body)).isSameAs(body);
  }

  @Test
  void readsBehindAByteOrderMark() {
    Buffer body = Buffer.buffer("\uFEFF{\"stream\":true}");

    assertThat(RequestEdit.askUsage(body).toString())
        .isEqualTo("\uFEFF{\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
  }

  @Test
  void keepsBytesThatAreNoText() {
    Buffer body =
        Buffer.buffer("{\"a\":\"").appendByte((byte) 0xFF).appendString("\",\"stream\":true}");

    Buffer asked = RequestEdit.askUsage(body);

    assertThat(asked.getBytes(0, body.length() - 1)).isEqualTo(body.getBytes(0, body.length() - 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"a\",\"n\":1}|{\"model\":\"b/\\\"c\",\"n\":1}",
        "{\"model\":\"x\",\"model\" : \"a\"}|{\"model\":\"x\",\"model\" : \"b/\\\"c\"}",
        "{\"m\\u006fdel\":\"a\\\"\"}|{\"m\\u006fdel\":\"b/\\\"c\"}",
        "{\"n\":1}|{\"n\":1}",
        "{\"model\":1}|{\"model\":1}",
        "[\"model\"]|[\"model\"]",
        "{\"model\":\"a\"|{\"model\":\"a\""
      })
  void replacesTheModelOfABody(String body, String replaced) {
    assertThat(RequestEdit.model(Buffer.buffer(body), "b/\"c").toString()).isEqualTo(replaced);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1beta/models/gemini-2.5-pro:generateContent, /v1beta/models/m%3A1%2Fx:generateContent",
    "/v1beta/models/a:streamGenerateContent?alt=sse&q=/models/b:c, /v1beta/models/m%3A1%2Fx:streamGenerateContent?alt=sse&q=/models/b:c",
    "/v1/projects/p/publishers/google/models/a%2Eb:predict, /v1/projects/p/publishers/google/models/m%3A1%2Fx:predict",
    "/model/anthropic.claude-v2%3A1/converse, /model/m%3A1%2Fx/converse",
    "/model/arn:aws:bedrock:x/y/invoke-with-response-stream, /model/m%3A1%2Fx/invoke-with-response-stream",
    "/openai/deployments/gpt/chat/completions?api-version=1, /openai/deployments/m%3A1%2Fx/chat/completions?api-version=1",
    "/v1/chat/completions, /v1/chat/completions",
    "/v1/models/gpt-5, /v1/models/gpt-5"
  })
  void replacesTheModelOfAPath(String path, String replaced) {
    assertThat(RequestEdit.modelInPath(path, "m:1/x")).isEqualTo(replaced);
  }
}
