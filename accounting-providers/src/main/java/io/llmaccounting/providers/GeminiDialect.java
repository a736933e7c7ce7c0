package io.llmaccounting.providers;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Google's generateContent: input includes cached tokens, candidates exclude thoughts. */
final class GeminiDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("usageMetadata", "usage_metadata")
          .keys("candidates", "promptFeedback", "serverContent", "embedding", "embeddings")
          .word(Word.ID, "responseId", "response_id")
          .word(Word.MODEL, "modelVersion", "model_version")
          .word(
              Word.FINISH,
              "candidates.finishReason",
              "candidates.finish_reason",
              "promptFeedback.blockReason")
          .word(Word.CREATED, "createTime", "create_time")
          .word(
              Word.MARK,
              "serverContent.turnComplete",
              "usageMetadata.trafficType",
              "key",
              "processed_time")
          .word(Word.TIER, "usageMetadata.serviceTier", "usage_metadata.service_tier")
          .count(Count.INPUT, "promptTokenCount", "prompt_token_count")
          .count(Count.TOOL_INPUT, "toolUsePromptTokenCount", "tool_use_prompt_token_count")
          .count(Count.CACHE_READ, "cachedContentTokenCount", "cached_content_token_count")
          .count(
              Count.AUDIO_INPUT,
              "promptTokensDetails[modality=AUDIO].tokenCount",
              "prompt_tokens_details[modality=AUDIO].token_count")
          .count(
              Count.CACHED_AUDIO,
              "cacheTokensDetails[modality=AUDIO].tokenCount",
              "cache_tokens_details[modality=AUDIO].token_count")
          .count(
              Count.OUTPUT,
              "candidatesTokenCount",
              "responseTokenCount",
              "candidates_token_count",
              "response_token_count")
          .count(Count.REASONING, "thoughtsTokenCount", "thoughts_token_count")
          .count(
              Count.AUDIO_OUTPUT,
              "candidatesTokensDetails[modality=AUDIO].tokenCount",
              "responseTokensDetails[modality=AUDIO].tokenCount",
              "candidates_tokens_details[modality=AUDIO].token_count",
              "response_tokens_details[modality=AUDIO].token_count")
          .count(Count.TOTAL, "totalTokenCount", "total_token_count")
          .partOfOthers(
              "promptTokenDetails.tokenCount",
              "toolUsePromptTokensDetails.tokenCount",
              "tool_use_prompt_tokens_details.token_count");

  @Override
  public Shape shape() {
    return Shape.GEMINI;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    UsageTree snake = event.usages.get("usage_metadata");
    return Evidence.of(
        false,
        event.usages.containsKey("usageMetadata")
            || event.hasKey("candidates", "promptFeedback", "serverContent")
            || (snake != null
                && (snake.has("prompt_token_count") || snake.has("total_token_count"))),
        false);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    if (usage != null) {
      String traffic = first(usage, "trafficType", "traffic_type");
      state.provider(traffic == null ? "gcp.gemini" : "gcp.vertex_ai");
      state.words().set(Word.TIER, traffic == null ? null : tier(traffic));
    }
    boolean refused = event.word("promptFeedback.blockReason") != null;
    boolean embedded = event.hasKey("embedding", "embeddings");
    boolean turn = event.wordIs("serverContent.turnComplete", "true");
    state.terminated(usage != null && (state.choicesEnded() || refused || embedded || turn));
  }

  private static @Nullable String first(UsageTree usage, String one, String other) {
    String word = usage.word(one);
    return word == null ? usage.word(other) : word;
  }

  /** Vertex AI tells the tier as a kind of traffic: ON_DEMAND_PRIORITY, PROVISIONED_THROUGHPUT. */
  private static @Nullable String tier(String traffic) {
    String prefix = "ON_DEMAND_";
    if (traffic.equals("PROVISIONED_THROUGHPUT")) {
      return "provisioned_throughput";
    }
    return traffic.startsWith(prefix)
        ? traffic.substring(prefix.length()).toLowerCase(Locale.ROOT)
        : null;
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE.reasoningBeside().toolsBeside().withoutOutput();
  }
}
