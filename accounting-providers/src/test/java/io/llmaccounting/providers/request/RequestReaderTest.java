package io.llmaccounting.providers.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenUsage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestReaderTest {
  private final RequestReader reader = RequestReader.create();

  static List<GoldenRequest> requests() {
    return GoldenRequest.all();
  }

  @ParameterizedTest
  @MethodSource("requests")
  void readsWhatProvidersDocument(GoldenRequest golden) {
    ReadRequest read = reader.read(golden.body(), golden.target());

    assertThat(GoldenRequest.describe(read)).isEqualTo(golden.read());
    assertThat(read.size().bytes()).isEqualTo(golden.bytes().length);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void readsTheSameWhereverTheBodyIsCut(GoldenRequest golden) throws IOException {
    ReadRequest whole = reader.read(golden.body(), golden.target());
    byte[] bytes = golden.bytes();

    for (int at = 0; at <= bytes.length; at++) {
      RequestStream stream = reader.stream(golden.target());
      stream.feed(bytes, 0, at);
      stream.feed(ByteBuffer.wrap(bytes, at, bytes.length - at));

      assertThat(stream.finish()).as("cut at %d", at).isEqualTo(whole);
      assertThat(stream.finish()).isEqualTo(whole);
    }
    assertThat(reader.read(new ByteArrayInputStream(bytes), golden.target())).isEqualTo(whole);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void saysSoWhereverTheBodyBreaksOff(GoldenRequest golden) {
    byte[] bytes = golden.bytes();
    int end = golden.body().stripTrailing().getBytes(UTF_8).length;
    for (int length = 0; length < end; length++) {
      RequestStream stream = reader.stream(golden.target());
      stream.feed(bytes, 0, length);

      assertThat(stream.finish().problem()).as("after %d bytes", length).isNotNull();
    }
  }

  @Test
  void givesTheCallToReserveFor() {
    ReadRequest read =
        reader.read(
            """
            {"model":"gpt-5","messages":[{"role":"user","content":"123456789"}],"max_tokens":100,
            "n":3,"service_tier":"flex","user":"somebody"}\
            """,
            RequestTarget.UNKNOWN.header("Accept", "text/event-stream"));

    assertThat(read.streamed()).isTrue();
    assertThat(read.toCallRequest())
        .contains(
            CallRequest.to("gpt-5")
                .operation("chat")
                .inputTokens(3)
                .maxOutputTokens(300)
                .serviceTier("flex")
                .asked(new RequestSettings(300L, null, null, 1L, null)));
    assertThat(read.toCallRequest(2).orElseThrow().inputTokens()).isEqualTo(5);
  }

  @Test
  void leavesToDefaultsWhatARequestDoesNotSay() {
    ReadRequest read =
        reader
            .provider("acme")
            .read(
                "{\"model\":\"m\",\"messages\":[]}", RequestTarget.ofPath("/chat/completions?a=b"));

    assertThat(read.toCallRequest())
        .contains(CallRequest.to("m").provider("acme").operation("chat"));
  }

  @Test
  void givesNoCallOfARequestThatNamesNoModel() {
    assertThat(reader.read("{\"messages\":[]}", RequestTarget.UNKNOWN).toCallRequest()).isEmpty();
    assertThat(reader.read("{}", RequestTarget.UNKNOWN).toCallRequest()).isEmpty();
  }

  @Test
  void neverExceedsWhatACallCanExpect() {
    ReadRequest read =
        reader.read(
            "{\"model\":\"m\",\"messages\":[{\"content\":\"%s\"}],\"n\":1000000,\"max_tokens\":%d}"
                .formatted("x".repeat(9_000), 999_999_999_999_999_999L),
            RequestTarget.UNKNOWN);
    CallRequest call = read.toCallRequest(Double.MIN_VALUE).orElseThrow();

    assertThat(call.inputTokens()).isEqualTo(TokenUsage.MAX_PART);
    assertThat(call.maxOutputTokens())
        .isBetween(TokenUsage.MAX_PART - read.choices(), TokenUsage.MAX_PART);
  }

  @Test
  void refusesACharactersFigureThatIsNone() {
    ReadRequest read = reader.read("{\"model\":\"m\",\"messages\":[]}", RequestTarget.UNKNOWN);
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> read.toCallRequest(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("charactersPerToken must be a number above 0");
    }
  }

  @Test
  void dashScopeAsksForAStreamInAHeader() {
    String body = "{\"model\":\"qwen-plus\",\"input\":{\"prompt\":\"Hi\"},\"parameters\":{}}";

    assertThat(reader.read(body, RequestTarget.UNKNOWN).streamed()).isFalse();
    assertThat(
            reader.read(body, RequestTarget.UNKNOWN.header("x-dashscope-sse", "enable")).streamed())
        .isTrue();
  }

  @Test
  void theBodyOutweighsAnAcceptedStream() {
    assertThat(
            reader
                .read(
                    "{\"model\":\"m\",\"messages\":[],\"stream\":false}",
                    RequestTarget.UNKNOWN.header("Accept", "text/event-stream"))
                .streamed())
        .isFalse();
  }

  @Test
  void everyAnswerOfAKnownShapeHasAShapeToReadItBy() {
    for (RequestShape shape : RequestShape.values()) {
      boolean recognised = shape == RequestShape.UNKNOWN || shape == RequestShape.RERANK;

      assertThat(shape.answer() == io.llmaccounting.providers.Shape.UNKNOWN)
          .as("%s", shape)
          .isEqualTo(recognised);
    }
  }

  @Test
  void takesNothingMoreOnceFinished() {
    RequestStream stream = reader.stream(RequestTarget.UNKNOWN);
    stream.finish();

    assertThatThrownBy(() -> stream.feed(new byte[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("start another");
  }

  @Test
  void namesAProviderThatRecordsCanHold() {
    assertThatThrownBy(() -> reader.provider(" x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("provider must have 1 to 255 bytes");
  }
}
