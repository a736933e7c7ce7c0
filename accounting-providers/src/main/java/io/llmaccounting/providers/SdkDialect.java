package io.llmaccounting.providers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Usage as client libraries write it: the Vercel AI SDK, LangChain, LangChain4j, Spring AI. */
final class SdkDialect implements Dialect {
  private static final AnswerFields FIELDS =
      partsOfOthers(
          outputCounts(
              inputCounts(
                  new AnswerFields()
                      // where a loop of calls is told, usage is that of its last one
                      .usageAt("totalUsage", "usage", "usage_metadata", "tokenUsage", "token_usage")
                      .usageAt("llm_output.token_usage", "llmOutput.tokenUsage")
                      .usageAt("metadata.tokenUsage", "metadata.usage")
                      .keys("providerMetadata.anthropic", "providerMetadata.bedrock")
                      .word(Word.ID, "id", "metadata.id")
                      .word(
                          Word.MODEL,
                          "modelId",
                          "model",
                          "modelName",
                          "response_metadata.model_name",
                          "llm_output.model_name",
                          "metadata.modelName",
                          "metadata.model")
                      .word(
                          Word.FINISH,
                          "finishReason",
                          "response_metadata.finish_reason",
                          "metadata.finishReason")
                      .word(Word.CREATED, "timestamp"))));

  /** What libraries call the metadata of a provider whose input excludes cached tokens. */
  private static final Map<String, String> BESIDE =
      Map.of("providerMetadata.anthropic", "anthropic", "providerMetadata.bedrock", "aws.bedrock");

  private static AnswerFields inputCounts(AnswerFields fields) {
    return fields
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
            "cachedTokens",
            "cacheReadInputTokens",
            "inputTokensDetails.cachedTokens",
            "cachedContentTokenCount",
            "prompt_tokens_details.cached_tokens",
            "nativeUsage.prompt_tokens_details.cached_tokens",
            "nativeUsage.cache_read_input_tokens")
        .count(
            Count.CACHE_WRITE,
            "inputTokens.cacheWrite",
            "inputTokenDetails.cacheWriteTokens",
            "input_token_details.cache_creation",
            "cacheCreationInputTokens",
            "nativeUsage.cache_creation_input_tokens")
        .count(Count.CACHE_WRITE_5M, "input_token_details.ephemeral_5m_input_tokens")
        .count(Count.CACHE_WRITE_1H, "input_token_details.ephemeral_1h_input_tokens")
        .count(Count.AUDIO_INPUT, "input_token_details.audio");
  }

  private static AnswerFields outputCounts(AnswerFields fields) {
    return fields
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
            "output_token_details.reasoning",
            "outputTokensDetails.reasoningTokens",
            "thoughtsTokenCount",
            "completion_tokens_details.reasoning_tokens",
            "nativeUsage.completion_tokens_details.reasoning_tokens")
        .count(Count.AUDIO_OUTPUT, "output_token_details.audio")
        .count(Count.TOTAL, "totalTokens", "totalTokenCount", "total_tokens");
  }

  private static AnswerFields partsOfOthers(AnswerFields fields) {
    return fields
        .partOfOthers(
            "inputTokens.noCache",
            "inputTokenDetails.noCacheTokens",
            "outputTokens.text",
            "outputTokenDetails.textTokens")
        .repeatedIn("raw", "nativeUsage");
  }

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
    BESIDE.forEach(
        (key, provider) -> {
          if (event.hasKey(key)) {
            state.provider(provider);
          }
        });
    state.terminated(usage != null && state.words().get(Word.FINISH) != null);
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE;
  }

  /**
   * Most libraries count as OpenAI does. Some pass on Anthropic's counts, whose input excludes what
   * was cached, under a total of their own that excludes it too.
   */
  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    boolean passedOn =
        usage.has("cacheReadInputTokens")
            || usage.has("cacheCreationInputTokens")
            || usage.has("nativeUsage.cache_read_input_tokens")
            || usage.has("nativeUsage.cache_creation_input_tokens");
    boolean withoutWrites =
        counts.get(Count.CACHE_READ) > 0
            && usage.has("cachedInputTokens")
            && !usage.has("inputTokenDetails")
            && BESIDE.values().stream().anyMatch(state::isProvider);
    if (!passedOn && !withoutWrites) {
      return convention(state).read(counts);
    }
    if (counts.get(Count.TOTAL) == counts.get(Count.INPUT) + counts.get(Count.OUTPUT)) {
      counts.leaveOut(Count.TOTAL);
    }
    TokenReading reading = Convention.CACHE_BESIDE.read(counts);
    return new TokenReading(reading.tokens(), reading.whole() && passedOn, reading.exact());
  }
}
