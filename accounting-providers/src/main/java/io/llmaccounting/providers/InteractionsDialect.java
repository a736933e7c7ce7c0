package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** Google's Interactions: totals of each kind; thoughts and the input of tools beside the rest. */
final class InteractionsDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("usage")
          .word(Word.ID, "id")
          .word(Word.MODEL, "model")
          .word(Word.FINISH, "status")
          .word(Word.CREATED, "created")
          .word(Word.MARK, "object", "event_type")
          .count(Count.INPUT, "total_input_tokens", "totalInputTokens")
          .count(Count.TOOL_INPUT, "total_tool_use_tokens", "totalToolUseTokens")
          .count(Count.CACHE_READ, "total_cached_tokens", "totalCachedTokens")
          .count(
              Count.AUDIO_INPUT,
              "input_tokens_by_modality[modality=audio].tokens",
              "inputTokensByModality[modality=audio].tokens")
          .count(
              Count.CACHED_AUDIO,
              "cached_tokens_by_modality[modality=audio].tokens",
              "cachedTokensByModality[modality=audio].tokens")
          .count(Count.OUTPUT, "total_output_tokens", "totalOutputTokens")
          .count(
              Count.REASONING,
              "total_thought_tokens",
              "totalThoughtTokens",
              "total_reasoning_tokens")
          .count(
              Count.AUDIO_OUTPUT,
              "output_tokens_by_modality[modality=audio].tokens",
              "outputTokensByModality[modality=audio].tokens")
          .count(Count.TOTAL, "total_tokens", "totalTokens")
          .extra("web_search_queries", "grounding_tool_count[type=google_search].count")
          .partOfOthers("tool_use_tokens_by_modality.tokens", "toolUseTokensByModality.tokens");

  @Override
  public Shape shape() {
    return Shape.GEMINI_INTERACTIONS;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        event.wordIs("object", "interaction"),
        event.wordStarts("event_type", "interaction.")
            || event.usageHas("total_input_tokens", "totalInputTokens"),
        false);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.provider("gcp.gemini");
    boolean ended = event.wordIs("event_type", "interaction.complete", "interaction.completed");
    boolean whole =
        event.word("event_type") == null
            && event.wordIs("status", "completed", "failed", "cancelled", "requires_action");
    state.terminated(usage != null && (ended || whole));
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE.reasoningBeside().toolsBeside();
  }
}
