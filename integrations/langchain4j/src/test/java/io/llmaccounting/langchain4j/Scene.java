package io.llmaccounting.langchain4j;

import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.tap.contract.Question;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A provider and an accounting in memory. */
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

  @AfterEach
  void close() {
    accounting.close();
    provider.close();
  }

  static AppClient.Settings settings() {
    return new AppClient.Settings(Question.of("Hello"), new JdkHttpClientBuilder());
  }

  final ChatModel openAi() {
    return Models.OPENAI.chat(provider.uri(), settings());
  }

  final ChatModel metered() {
    return MeteredChatModel.of(openAi(), accounting);
  }

  final StreamingChatModel streaming() {
    return MeteredStreamingChatModel.of(
        Models.OPENAI.streaming(provider.uri(), settings()), accounting);
  }

  /** Lets nothing through. */
  final void denyAll() {
    accounting.limits().save(Limit.named("shut").requests(0).rolling(Duration.ofDays(1)));
  }

  final List<Usage> records() {
    return accounting.tail().stream().map(RecordedUsage::usage).toList();
  }

  /** Waits for the first record. */
  final Usage heard() throws Exception {
    return first.get(20, TimeUnit.SECONDS);
  }

  final Usage record() {
    List<Usage> all = records();
    if (all.size() != 1) {
      throw new AssertionError("%d calls were recorded, not 1".formatted(all.size()));
    }
    return all.get(0);
  }
}
