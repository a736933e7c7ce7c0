package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions and what is compatible with them: input includes cached tokens. */
final class ChatDialect implements Dialect {
  @Override
  public Shape shape() {
    return Shape.OPENAI_CHAT;
  }

  @Override
  public boolean recognises(AnswerEvent event) {
    UsageTree usage = event.usages.get("usage");
    return event.keys.contains("choices")
        || event.wordStarts("object", "chat.completion", "text_completion")
        || (usage != null && usage.has("prompt_tokens"));
  }

  @Override
  public void take(AnswerEvent event, AnswerState state) {
    UsageTree usage = event.firstUsage("usage", "x_groq.usage");
    state.usage(usage);
    state.id(event.word("id"));
    state.model(event.word("model"));
    state.finishReason(event.word("choices.finish_reason"));
    state.serviceTier(event.word("service_tier"));
    if (event.keys.contains("prompt_filter_results")) {
      state.provider("azure.ai.openai");
    } else if (usage != null && usage.has("num_sources_used")) {
      state.provider("x_ai");
    } else if (usage != null && usage.has("prompt_cache_hit_tokens")) {
      state.provider("deepseek");
    }
    // Servers that report running counts do so before the end as well.
    state.terminated(
        event.wordIs("object", "chat.completion") || (usage != null && state.choicesEnded()));
  }

  @Override
  public void extras(UsageTree usage, AnswerState state) {
    state.extra("search_sources", usage.count("num_sources_used"));
  }

  @Override
  public TokenUsage tokens(UsageTree usage, AnswerState state) {
    return split(usage, state);
  }

  static TokenUsage split(UsageTree usage, AnswerState state) {
    Dialect.require(usage, "prompt_tokens");
    long input = usage.count("prompt_tokens");
    long output = usage.count("completion_tokens");
    Long reasoningDetail = usage.optionalCount("completion_tokens_details", "reasoning_tokens");
    long reasoning = reasoningDetail == null ? usage.count("reasoning_tokens") : reasoningDetail;
    Long total = usage.optionalCount("total_tokens");
    if (reasoningIsBeside(input, output, reasoning, total, state)) {
      output = Math.addExact(output, reasoning);
    }
    Long cached = usage.optionalCount("prompt_tokens_details", "cached_tokens");
    TokenSplit split =
        TokenUsage.cacheIncluded()
            .input(input)
            .cacheRead(
                cached == null
                    ? usage.firstCount("prompt_cache_hit_tokens", "cached_tokens")
                    : cached)
            .cacheWrite5m(usage.count("prompt_tokens_details", "cache_write_tokens"))
            .audioInput(usage.count("prompt_tokens_details", "audio_tokens"))
            .output(output)
            .reasoning(reasoning)
            .audioOutput(usage.count("completion_tokens_details", "audio_tokens"));
    return total == null ? split.build() : split.reportedTotal(total).build();
  }

  /** xAI counts reasoning beside the completion; the total tells, where there is one. */
  private static boolean reasoningIsBeside(
      long input, long output, long reasoning, @Nullable Long total, AnswerState state) {
    if (reasoning == 0) {
      return false;
    }
    if (total != null) {
      if (total == input + output) {
        return false;
      }
      if (total == input + output + reasoning) {
        return true;
      }
    }
    String model = state.model();
    return state.isProvider("x_ai") || (model != null && model.startsWith("grok"));
  }
}
