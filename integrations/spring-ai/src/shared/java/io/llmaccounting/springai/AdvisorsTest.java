package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TokenSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.api.AdvisorChain;
import org.springframework.ai.chat.client.advisor.api.BaseAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;

/** Chat clients that are metered by advisors, above a model that is not, or is. */
class AdvisorsTest extends Scene {
  private ChatClient client() {
    return ChatClient.builder(openAi()).defaultAdvisors(MeteredAdvisors.of(accounting)).build();
  }

  private static ChatClient.ChatClientRequestSpec ask(ChatClient client) {
    return client
        .prompt()
        .options(Providers.OPENAI.clientOptions(QUESTION))
        .user(QUESTION.text())
        .advisors(request -> request.param(ChatMemory.CONVERSATION_ID, "7"));
  }

  @Test
  void aCallIsOneRecordWithWhatTheProviderSent() {
    ask(client()).call().content();

    assertThat(record().tokens().input()).isEqualTo(9_126);
    assertThat(record().tokens().cacheRead()).isEqualTo(4_864);
    assertThat(record().tokens().reasoning()).isEqualTo(2_048);
    assertThat(record().model()).isEqualTo("gpt-5-mini");
    assertThat(record().provider()).isEqualTo("openai");
  }

  @Test
  void aStreamIsOneRecordOfItsUsage() {
    List<String> pieces = ask(client()).stream().content().collectList().block();

    assertThat(String.join("", pieces)).isEqualTo("Grüße 😀 data: [DONE]");
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record().tokens().input()).isEqualTo(7);
    assertThat(record().details().streamed()).isTrue();
  }

  @Test
  void aMeteredModelBelowLeavesOneRecord() {
    ChatClient client =
        ChatClient.builder(metered()).defaultAdvisors(MeteredAdvisors.of(accounting)).build();

    ask(client).call().content();
    ask(client).stream().content().blockLast();

    assertThat(inputs()).containsExactly(7L, 9_126L);
    assertThat(provider.count()).isEqualTo(2);
  }

  @Test
  void whatIsDeniedIsNotSent() {
    allow(0);
    ChatClient client = client();

    assertThatThrownBy(() -> ask(client).call().content())
        .isInstanceOf(QuotaExceededException.class);
    assertThatThrownBy(() -> ask(client).stream().content().blockLast())
        .isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void aRequestSaysWhoMakesIt() {
    Attribution bob = Attribution.NONE.withUser("bob");
    try (CallContext.Scope scope = session()) {
      ask(client()).advisors(MeteredAdvisors.calledBy(bob)).call().content();
      ask(client()).advisors(MeteredAdvisors.calledBy(bob)).stream().content().blockLast();
      ask(client()).advisors(MeteredAdvisors.unmetered()).call().content();
      ask(client()).advisors(MeteredAdvisors.unmetered()).stream().content().blockLast();
    }

    assertThat(provider.count()).isEqualTo(4);
    assertThat(records())
        .hasSize(2)
        .allSatisfy(
            call ->
                assertThat(call.attribution())
                    .isEqualTo(Attribution.NONE.withUser("bob").withSession("loop")));
  }

  @Test
  void theCallerIsKeptWhereAnAdvisorGoesOnOnAnotherThread() {
    ChatMemory memory = MessageWindowChatMemory.builder().build();
    ChatClient client =
        ChatClient.builder(openAi())
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build(), new Elsewhere())
            .build();
    try (CallContext.Scope scope = session()) {
      ask(client).stream().content().blockLast();
    }

    assertThat(sessions()).containsExactly("loop");
  }

  /** An advisor as Spring AI's own are: its streams go on on another thread. */
  private static final class Elsewhere implements BaseAdvisor {
    @Override
    public ChatClientRequest before(ChatClientRequest request, AdvisorChain chain) {
      return request;
    }

    @Override
    public ChatClientResponse after(ChatClientResponse response, AdvisorChain chain) {
      return response;
    }

    @Override
    public int getOrder() {
      return 0;
    }
  }

  @Test
  void whatAnotherAdvisorAsksIsACallOfItsOwn() {
    ChatClient inner = client();
    ChatClient client =
        ChatClient.builder(openAi())
            .defaultAdvisors(MeteredAdvisors.of(accounting))
            .defaultAdvisors(new Rewriting(inner))
            .build();

    ask(client).call().content();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(records()).hasSize(2);
  }

  /** An advisor that asks a model before the model is asked. */
  private static final class Rewriting implements BaseAdvisor {
    private final ChatClient inner;

    Rewriting(ChatClient inner) {
      this.inner = inner;
    }

    @Override
    public ChatClientRequest before(ChatClientRequest request, AdvisorChain chain) {
      String unused = ask(inner).call().content();
      return request;
    }

    @Override
    public ChatClientResponse after(ChatClientResponse response, AdvisorChain chain) {
      return response;
    }

    @Override
    public int getOrder() {
      return 0;
    }
  }
}
