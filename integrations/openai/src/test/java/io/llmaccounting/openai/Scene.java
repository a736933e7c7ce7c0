package io.llmaccounting.openai;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.llmaccounting.tap.contract.AdapterScene;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** A client that is metered by an accounting that goes on after failures. */
abstract class Scene extends AdapterScene {
  final List<RuntimeException> contained;
  final OpenAIClient bare = SdkClient.builder(provider.uri()).build();
  final OpenAIClient client = MeteredOpenAi.of(bare, accounting);

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

  static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder().model("gpt-5-mini").addUserMessage("Hello");
  }
}
