package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** Usage as client libraries write it: the Vercel AI SDK, LangChain, LangChain4j, Spring AI. */
final class SdkDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("usage", "totalUsage", "usage_metadata", "tokenUsage", "token_usage")
          .word(Word.ID, "id")
          .word(Word.MODEL, "modelId", "model", "response_metadata.model_name")
          .word(Word.FINISH, "finishReason", "response_metadata.finish_reason")
          .word(Word.CREATED, "timestamp")
          .count(
              Count.INPUT,
              "inputTokens",
              "inputTokens.total",
              "promptTokens",
              "inputTokenCount",
              "input_tokens",
              "prompt_tokens")
          .count(
              Count.CACHE_READ,
              "cachedInputTokens",
              "inputTokens.cacheRead",
              "inputTokenDetails.cacheReadTokens",
              "input_token_details.cache_read",
              "cachedTokens")
          .count(
              Count.CACHE_WRITE,
              "inputTokens.cacheWrite",
              "inputTokenDetails.cacheWriteTokens",
              "input_token_details.cache_creation")
          .count(Count.AUDIO_INPUT, "input_token_details.audio")
          .count(
              Count.OUTPUT,
              "outputTokens",
              "outputTokens.total",
              "completionTokens",
              "outputTokenCount",
              "output_tokens",
              "completion_tokens")
          .count(
              Count.REASONING,
              "reasoningTokens",
              "outputTokens.reasoning",
              "outputTokenDetails.reasoningTokens",
              "output_token_details.reasoning")
          .count(Count.AUDIO_OUTPUT, "output_token_details.audio")
          .count(Count.TOTAL, "totalTokens", "totalTokenCount", "total_tokens")
          .partOfOthers(
              "inputTokens.noCache",
              "inputTokenDetails.noCacheTokens",
              "outputTokens.text",
              "outputTokenDetails.textTokens");

  @Override
  public Shape shape() {
    return Shape.SDK;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    UsageTree usage = event.firstUsage(FIELDS.usages());
    boolean counts =
        usage != null
            && FIELDS.counts(Count.INPUT).stream().anyMatch(path -> usage.has(path.text()));
    return Evidence.of(false, false, counts);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.terminated(usage != null && state.words().get(Word.FINISH) != null);
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE;
  }
}
