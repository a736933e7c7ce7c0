package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import reactor.core.publisher.Flux;

/** Chat clients with tools: each turn of their loop is a call of whoever asked. */
class ToolLoopTest extends Scene {
  private static final String ANSWER = "Grüße 😀 data: [DONE]";

  /** What of a chat client is metered. */
  enum Metered {
    MODEL {
      @Override
      ChatClient client(ToolLoopTest test) {
        return ChatClient.create(test.metered());
      }

      /** Spring AI 2.0 makes the next turn on another thread. */
      @Override
      Flux<String> said(Flux<String> stream) {
        return stream.contextWrite(MeteredChatModel.calledBy(LOOP));
      }
    },
    MODEL_AND_ADVISORS {
      @Override
      ChatClient client(ToolLoopTest test) {
        return ChatClient.builder(test.metered())
            .defaultAdvisors(MeteredAdvisors.of(test.accounting))
            .build();
      }
    };

    abstract ChatClient client(ToolLoopTest test);

    Flux<String> said(Flux<String> stream) {
      return stream;
    }
  }

  private static ChatClient.ChatClientRequestSpec ask(ChatClient client, Object tools) {
    return client
        .prompt()
        .options(Providers.OPENAI.clientOptions(QUESTION))
        .user("What is the answer?")
        .tools(tools);
  }

  private static String streamed(ChatClient client, Object tools) {
    return all(ask(client, tools).stream().content());
  }

  private static String all(Flux<String> stream) {
    List<String> pieces = stream.collectList().block();
    return String.join("", pieces);
  }

  @ParameterizedTest
  @EnumSource
  void eachTurnIsARecordOfOneSession(Metered metered) {
    provider.answering(toolCall());

    try (CallContext.Scope scope = session()) {
      var response = ask(metered.client(this), new Tools()).call().chatResponse();

      // what Spring AI shows of a loop is its sum, as without metering
      assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(50 + 9_126);
    }

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(50L, 9_126L);
    assertThat(records().get(0).tokens().cacheRead() + records().get(1).tokens().cacheRead())
        .isEqualTo(4_864);
    assertThat(sessions()).containsExactly("loop", "loop");
  }

  @ParameterizedTest
  @EnumSource
  void eachTurnThatIsStreamedIsARecordOfOneSession(Metered metered) {
    provider.answering(streamedToolCall());

    try (CallContext.Scope scope = session()) {
      Flux<String> stream = ask(metered.client(this), new Tools()).stream().content();
      assertThat(all(metered.said(stream))).isEqualTo(ANSWER);
    }

    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(7L, 50L);
    assertThat(sessions()).containsExactly("loop", "loop");
  }

  @ParameterizedTest
  @EnumSource
  void aTurnThatIsDeniedEndsTheLoopWithTheDenialItself(Metered metered) {
    allow(1);
    provider.answering(toolCall());
    ChatClient client = metered.client(this);

    assertThatThrownBy(() -> ask(client, new Tools()).call().content())
        .isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isEqualTo(1);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @ParameterizedTest
  @EnumSource
  void aStreamedTurnThatIsDeniedFailsTheStream(Metered metered) {
    allow(1);
    provider.answering(streamedToolCall());
    ChatClient client = metered.client(this);

    assertThatThrownBy(() -> streamed(client, new Tools()))
        .isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isEqualTo(1);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  /** A tool that asks a model itself. */
  static final class Asking {
    private final ChatClient client;

    Asking(ChatClient client) {
      this.client = client;
    }

    @Tool(description = "Tells the answer")
    String answer() {
      return client
          .prompt()
          .options(Providers.OPENAI.clientOptions(QUESTION))
          .user("Tell me")
          .call()
          .content();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAToolAsksAModelIsACallOfItsOwn(Metered metered) {
    provider.answering(toolCall());
    ChatClient client = metered.client(this);

    String unused = ask(client, new Asking(metered.client(this))).call().content();

    assertThat(provider.count()).isEqualTo(3);
    assertThat(inputs()).containsExactly(50L, 9_126L, 9_126L);
  }

  @ParameterizedTest
  @EnumSource
  void whatAToolAsksAModelInAStreamIsACallOfItsOwn(Metered metered) {
    provider.answering(streamedToolCall());
    ChatClient client = metered.client(this);

    assertThat(streamed(client, new Asking(metered.client(this)))).isEqualTo(ANSWER);

    assertThat(provider.count()).isEqualTo(3);
    assertThat(inputs()).containsExactly(7L, 50L, 9_126L);
  }

  @Test
  void aLoopThatIsUnmeteredPasses() {
    allow(0);
    provider.answering(toolCall(), toolCall());

    String answer =
        ask(Metered.MODEL_AND_ADVISORS.client(this), new Tools())
            .advisors(MeteredAdvisors.unmetered())
            .call()
            .content();

    assertThat(answer).isNotBlank();
    assertThat(provider.count()).isEqualTo(3);
    assertThat(records()).isEmpty();
  }
}
