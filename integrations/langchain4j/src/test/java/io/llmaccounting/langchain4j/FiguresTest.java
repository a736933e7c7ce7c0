package io.llmaccounting.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import io.llmaccounting.usage.TokenUsage;
import org.junit.jupiter.api.Test;

/** The usage of LangChain4j's modules in our parts, without loss. */
class FiguresTest {
  @Test
  void readsOpenAisCacheAndReasoningInsideOfItsTotals() {
    OpenAiTokenUsage told =
        OpenAiTokenUsage.builder()
            .inputTokenCount(100)
            .inputTokensDetails(
                OpenAiTokenUsage.InputTokensDetails.builder().cachedTokens(40).build())
            .outputTokenCount(30)
            .outputTokensDetails(
                OpenAiTokenUsage.OutputTokensDetails.builder().reasoningTokens(20).build())
            .totalTokenCount(130)
            .build();

    assertThat(Figures.of(told)).isEqualTo(new TokenUsage(60, 40, 0, 0, 0, 10, 20, 0, 130L));
  }

  @Test
  void readsAnthropicsCacheBesideItsInput() {
    AnthropicTokenUsage told =
        AnthropicTokenUsage.builder()
            .inputTokenCount(25)
            .cacheCreationInputTokens(100)
            .cacheReadInputTokens(300)
            .outputTokenCount(15)
            .build();

    // its total leaves out the cache, so that it says nothing of ours
    assertThat(told.totalTokenCount()).isEqualTo(40);
    assertThat(Figures.of(told)).isEqualTo(new TokenUsage(25, 300, 100, 0, 0, 15, 0, 0, null));
  }

  @Test
  void readsGeminisThoughtsBesideItsOutputAndWhatToolsPutIn() {
    GoogleAiGeminiTokenUsage told =
        GoogleAiGeminiTokenUsage.builder()
            .inputTokenCount(1_000)
            .cachedContentTokenCount(400)
            .outputTokenCount(120)
            .thoughtsTokenCount(80)
            .totalTokenCount(1_250)
            .build();

    assertThat(Figures.of(told)).isEqualTo(new TokenUsage(650, 400, 0, 0, 0, 120, 80, 0, 1_250L));
  }

  /** Usage as the module for Bedrock tells it. */
  public static final class BedrockUsage extends dev.langchain4j.model.output.TokenUsage {
    BedrockUsage() {
      super(25, 15);
    }

    public Integer cacheReadInputTokens() {
      return 300;
    }

    public Integer cacheWriteInputTokens() {
      return 100;
    }
  }

  @Test
  void readsCachesOfModulesThatAreKnownByNameOnly() {
    assertThat(Figures.of(new BedrockUsage()))
        .isEqualTo(new TokenUsage(25, 300, 100, 0, 0, 15, 0, 0, null));
  }

  @Test
  void takesOneSideWhereTheOtherIsNotTold() {
    assertThat(Figures.of(new dev.langchain4j.model.output.TokenUsage(8, null)))
        .isEqualTo(new TokenUsage(8, 0, 0, 0, 0, 0, 0, 0, 8L));
    assertThat(Figures.of(GoogleAiGeminiTokenUsage.builder().inputTokenCount(8).build()))
        .isEqualTo(TokenUsage.of(8, 0));
  }

  @Test
  void isMissingWhereNothingOrOnlyZerosAreTold() {
    assertThat(Figures.of(null)).isNull();
    assertThat(Figures.of(new dev.langchain4j.model.output.TokenUsage())).isNull();
    assertThat(Figures.of(new dev.langchain4j.model.output.TokenUsage(0, 0, 0))).isNull();
  }

  @Test
  void refusesFiguresThatContradictOneAnother() {
    OpenAiTokenUsage told =
        OpenAiTokenUsage.builder()
            .inputTokenCount(10)
            .inputTokensDetails(
                OpenAiTokenUsage.InputTokensDetails.builder().cachedTokens(40).build())
            .outputTokenCount(1)
            .build();

    assertThatThrownBy(() -> Figures.of(told)).isInstanceOf(IllegalArgumentException.class);
  }
}
