package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.model.tool.DefaultToolExecutionEligibilityPredicate;
import org.springframework.ai.model.tool.ToolExecutionEligibilityPredicate;

/** Models of Spring AI 1.1 that ask the application before they run tools. */
class EligibilityTest extends Scene {
  private ChatResponse answer(ToolExecutionEligibilityPredicate before, Tools tools) {
    provider.answering(toolCall());
    return ChatClient.create(
            MeteredChatModel.of(Providers.asking(provider.uri(), QUESTION, before), accounting))
        .prompt()
        .options(Providers.OPENAI.options(QUESTION))
        .user(QUESTION.text())
        .tools(tools)
        .call()
        .chatResponse();
  }

  @Test
  void aToolThatIsNotApprovedIsNotRun() {
    ChatResponse answer = answer((options, response) -> false, new Tools());

    assertThat(answer.hasToolCalls()).isTrue();
    assertThat(provider.count()).isEqualTo(1);
    assertThat(inputs()).containsExactly(50L);
  }

  @Test
  void aLoopThatTheApplicationApprovesIsTheModelsOwnAndOneRecord() {
    ChatResponse answer =
        answer((options, response) -> response != null && response.hasToolCalls(), new Tools());

    assertThat(answer.hasToolCalls()).isFalse();
    assertThat(provider.count()).isEqualTo(2);
    assertThat(inputs()).containsExactly(50L + 9_126L);
  }

  @Test
  void whereNobodyIsAskedEachTurnIsARecord() {
    ChatResponse answer = answer(new DefaultToolExecutionEligibilityPredicate(), new Tools());

    assertThat(answer.hasToolCalls()).isFalse();
    assertThat(inputs()).containsExactly(50L, 9_126L);
  }
}
