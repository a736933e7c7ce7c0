package io.llmaccounting.bedrock;

import io.llmaccounting.tap.contract.AdapterScene;
import io.llmaccounting.tap.fake.ProviderShape;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;

/** Clients that are metered by an accounting that fails loudly. */
abstract class Scene extends AdapterScene {
  static final ProviderShape CONVERSE = ProviderShape.BEDROCK_CONVERSE;

  final BedrockRuntimeClient bare = blocking().build();
  final BedrockRuntimeClient client = MeteredBedrock.of(bare, accounting);
  final BedrockRuntimeAsyncClient async = MeteredBedrock.of(async(), accounting);

  @AfterEach
  void close() {
    client.close();
    async.close();
  }

  final BedrockRuntimeClientBuilder blocking() {
    return SdkClient.configured(BedrockRuntimeClient.builder(), provider.uri(), 2);
  }

  final BedrockRuntimeAsyncClientBuilder async() {
    return SdkClient.configured(BedrockRuntimeAsyncClient.builder(), provider.uri(), 2)
        .httpClient(SdkClient.HTTP);
  }

  static ConverseRequest.Builder converse() {
    return ConverseRequest.builder()
        .modelId(CONVERSE.model())
        .messages(message -> message.role("user").content(ContentBlock.fromText("Hello")));
  }

  static ConverseStreamRequest.Builder converseStream() {
    return ConverseStreamRequest.builder()
        .modelId(CONVERSE.model())
        .messages(message -> message.role("user").content(ContentBlock.fromText("Hello")));
  }
}
