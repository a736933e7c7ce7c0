package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;

/** OpenAI's responses: input includes cached tokens; the last event repeats the whole answer. */
final class ResponsesDialect implements Dialect {
  private static final String[] ENDS = {
    "response.completed", "response.incomplete", "response.failed"
  };
  private static final String[] END_STATUS = {"completed", "incomplete", "failed", "cancelled"};

  @Override
  public Shape shape() {
    return Shape.OPENAI_RESPONSES;
  }

  @Override
  public boolean recognises(AnswerEvent event) {
    UsageTree usage = event.usages.get("usage");
    return event.wordIs("object", "response")
        || event.wordStarts("type", "response.")
        || (usage != null && usage.has("input_tokens") && usage.has("total_tokens"));
  }

  @Override
  public void take(AnswerEvent event, AnswerState state) {
    state.usage(event.firstUsage("response.usage", "usage"));
    state.id(event.firstWord("response.id", "id"));
    state.model(event.firstWord("response.model", "model"));
    state.serviceTier(event.firstWord("response.service_tier", "service_tier"));
    boolean whole = !event.wordStarts("type", "response.") && event.wordIs("status", END_STATUS);
    if (whole || event.wordIs("type", ENDS)) {
      state.finishReason(event.firstWord("response.status", "status"));
      state.finishReason(
          event.firstWord("response.incomplete_details.reason", "incomplete_details.reason"));
      state.terminated(true);
    }
  }

  @Override
  public TokenUsage tokens(UsageTree usage, AnswerState state) {
    Dialect.require(usage, "input_tokens");
    TokenSplit split =
        TokenUsage.cacheIncluded()
            .input(usage.count("input_tokens"))
            .cacheRead(usage.count("input_tokens_details", "cached_tokens"))
            .cacheWrite5m(usage.count("input_tokens_details", "cache_write_tokens"))
            .audioInput(usage.count("input_tokens_details", "audio_tokens"))
            .output(usage.count("output_tokens"))
            .reasoning(usage.count("output_tokens_details", "reasoning_tokens"))
            .audioOutput(usage.count("output_tokens_details", "audio_tokens"));
    Long total = usage.optionalCount("total_tokens");
    return total == null ? split.build() : split.reportedTotal(total).build();
  }
}
