package io.llmaccounting.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.models.messages.MessageCreateParams;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A provider, an accounting in memory, and a client that is metered by it. */
abstract class Scene {
  final FakeProvider provider = FakeProvider.start();
  final List<RuntimeException> contained = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Usage> first = new CompletableFuture<>();
  final LlmAccounting accounting =
      LlmAccounting.builder(InMemoryBackend.create())
          .continueOnError(contained::add)
          .listener(
              new CallListener() {
                @Override
                public void recorded(Usage usage, Receipt receipt) {
                  first.complete(usage);
                }
              })
          .withoutShutdownHook()
          .build();
  final AnthropicClient bare = SdkClient.builder(provider.uri()).build();
  final AnthropicClient client = MeteredAnthropic.of(bare, accounting);

  @AfterEach
  void close() {
    bare.close();
    accounting.close();
    provider.close();
  }

  static MessageCreateParams.Builder question() {
    return MessageCreateParams.builder()
        .model(SdkClient.MODEL)
        .maxTokens(1_000)
        .addUserMessage("Hello");
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

  /** The last request as the provider got it. */
  final String sent() {
    return provider.requests().get(provider.count() - 1).text();
  }
}
