package io.llmaccounting.bedrock;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;

/** A provider, an accounting in memory that fails loudly, and clients that are metered by it. */
abstract class Scene {
  static final ProviderShape CONVERSE = ProviderShape.BEDROCK_CONVERSE;

  final FakeProvider provider = FakeProvider.start();
  final InMemoryBackend backend = InMemoryBackend.create();
  private final CompletableFuture<Usage> first = new CompletableFuture<>();
  final LlmAccounting accounting =
      LlmAccounting.builder(backend)
          .listener(
              new CallListener() {
                @Override
                public void recorded(Usage usage, Receipt receipt) {
                  first.complete(usage);
                }
              })
          .withoutShutdownHook()
          .build();
  final BedrockRuntimeClient bare = blocking().build();
  final BedrockRuntimeClient client = MeteredBedrock.of(bare, accounting);
  final BedrockRuntimeAsyncClient async = MeteredBedrock.of(async(), accounting);

  @AfterEach
  void close() {
    client.close();
    async.close();
    accounting.close();
    provider.close();
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

  final List<Usage> records() {
    return accounting.tail().stream().map(RecordedUsage::usage).toList();
  }

  final Usage record() {
    List<Usage> all = records();
    if (all.size() != 1) {
      throw new AssertionError("%d calls were recorded, not 1".formatted(all.size()));
    }
    return all.get(0);
  }

  /** Waits for a record. */
  final Usage heard() throws Exception {
    return first.get(20, TimeUnit.SECONDS);
  }
}
