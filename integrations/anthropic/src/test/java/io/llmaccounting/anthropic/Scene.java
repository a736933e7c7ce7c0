package io.llmaccounting.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.models.messages.MessageCreateParams;
import io.llmaccounting.tap.contract.AdapterScene;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** A client that is metered by an accounting that goes on after failures. */
abstract class Scene extends AdapterScene {
  final List<RuntimeException> contained;
  final AnthropicClient bare = SdkClient.builder(provider.uri()).build();
  final AnthropicClient client = MeteredAnthropic.of(bare, accounting);

  Scene() {
    this(new CopyOnWriteArrayList<>());
  }

  private Scene(List<RuntimeException> contained) {
    super(builder -> builder.continueOnError(contained::add));
    this.contained = contained;
  }

  @AfterEach
  void close() {
    bare.close();
  }

  static MessageCreateParams.Builder question() {
    return MessageCreateParams.builder()
        .model(SdkClient.MODEL)
        .maxTokens(1_000)
        .addUserMessage("Hello");
  }
}
