package io.llmaccounting.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.FakeProvider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;

/** What is read of a request is what the SDK sends. */
class RequestJsonTest {
  private static ConverseRequest request(SdkBytes image) {
    Document schema =
        Document.fromMap(
            Map.of(
                "type", Document.fromString("object"),
                "required", Document.fromList(List.of(Document.fromString("city")))));
    Message asked =
        Message.builder()
            .role("user")
            .content(
                ContentBlock.fromText("Grüße \"😀\"\n"),
                ContentBlock.fromImage(
                    i -> i.format(ImageFormat.PNG).source(source -> source.bytes(image))),
                ContentBlock.fromCachePoint(point -> point.type("default")))
            .build();
    return ConverseRequest.builder()
        .modelId("amazon.nova-lite-v1:0")
        .messages(asked)
        .inferenceConfig(c -> c.maxTokens(7).temperature(0.5f).stopSequences("end"))
        .toolConfig(
            tools ->
                tools.tools(
                    Tool.fromToolSpec(
                        spec -> spec.name("weather").inputSchema(input -> input.json(schema)))))
        .additionalModelRequestFields(
            Document.mapBuilder().putNumber("top_k", 40).putBoolean("x", true).putNull("n").build())
        .requestMetadata(Map.of("team", "search"))
        .build();
  }

  @Test
  void isTheBodyThatIsSentButForBytes() {
    try (FakeProvider provider = FakeProvider.start();
        BedrockRuntimeClient client =
            SdkClient.configured(BedrockRuntimeClient.builder(), provider.uri(), 0).build()) {
      var unused = client.converse(request(SdkBytes.fromUtf8String("")));

      assertThat(text(request(SdkBytes.fromUtf8String(""))))
          .isEqualTo(provider.requests().get(0).text());
    }
  }

  @Test
  void leavesBytesOut() {
    assertThat(text(request(SdkBytes.fromByteArray(new byte[1_000_000]))))
        .hasSizeLessThan(1_000)
        .contains("\"image\":{\"format\":\"png\",\"source\":{\"bytes\":\"\"}}");
  }

  private static String text(ConverseRequest request) {
    return new String(RequestJson.of(request), StandardCharsets.UTF_8);
  }
}
