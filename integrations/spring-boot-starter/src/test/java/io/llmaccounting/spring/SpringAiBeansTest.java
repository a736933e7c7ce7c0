package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImageOptions;
import org.springframework.ai.image.ImageOptionsBuilder;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Models of Spring AI among the beans are metered without code. */
class SpringAiBeansTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withBean(OwnModel.class)
          .withConfiguration(
              AutoConfigurations.of(
                  LlmAccountingAutoConfiguration.class,
                  LlmAccountingSpringAiAutoConfiguration.class));

  static class OwnModel implements ChatModel {
    @Override
    public ChatResponse call(Prompt prompt) {
      return new ChatResponse(
          List.of(new Generation(new AssistantMessage("yes"))),
          ChatResponseMetadata.builder().model("own").usage(new DefaultUsage(11, 7)).build());
    }
  }

  @Test
  void recordsWhatIsInjectedByInterfaceOrClass() {
    runner.run(
        context -> {
          context.getBean(ChatModel.class).call(new Prompt("hello"));
          context.getBean(OwnModel.class).call(new Prompt("hello"));

          assertThat(context.getBean(LlmAccounting.class).tail())
              .hasSize(2)
              .allSatisfy(call -> assertThat(call.usage().tokens().output()).isEqualTo(7));
        });
  }

  @Test
  void recordsImages() {
    runner
        .withBean(
            ImageModel.class,
            () -> prompt -> new ImageResponse(List.of(new ImageGeneration(new Image("u", null)))))
        .run(
            context -> {
              ImageOptions options = ImageOptionsBuilder.builder().model("painter-1").build();
              context.getBean(ImageModel.class).call(new ImagePrompt("a cat", options));

              assertThat(context.getBean(LlmAccounting.class).tail())
                  .singleElement()
                  .satisfies(call -> assertThat(call.usage().model()).isEqualTo("painter-1"));
            });
  }

  @Test
  void recordsNothingIfItIsSwitchedOff() {
    runner
        .withPropertyValues("llm.accounting.metering.enabled=false")
        .run(
            context -> {
              context.getBean(ChatModel.class).call(new Prompt("hello"));

              assertThat(context.getBean(LlmAccounting.class).tail()).isEmpty();
            });
  }
}
