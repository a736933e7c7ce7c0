package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions and what is compatible with them: input includes cached tokens. */
final class ChatDialect implements Dialect {
  private static final AnswerFields FIELDS =
      OpenAiFields.addTo(
          new AnswerFields()
              .usageAt("usage", "x_groq.usage", "choices.usage")
              .keys(
                  "choices",
                  "prompt_filter_results",
                  "x_groq",
                  "citations",
                  "search_results",
                  "timings")
              .word(Word.ID, "id")
              .word(Word.MODEL, "model")
              .word(Word.FINISH, "choices.finish_reason")
              .word(Word.TIER, "service_tier")
              .word(Word.SPEED, "usage.speed")
              .word(Word.CREATED, "created")
              .word(
                  Word.MARK,
                  "object",
                  "type",
                  "provider",
                  "system_fingerprint",
                  "usage.inference_geo",
                  "custom_id")
              .extra("citation_tokens", "citation_tokens")
              .extra("search_queries", "num_search_queries")
              .extra("audio_seconds", "prompt_audio_seconds")
              .cost("cost", "cost.total_cost", "cost_details.upstream_inference_cost"));

  @Override
  public Shape shape() {
    return Shape.OPENAI_CHAT;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        event.wordStarts("object", "chat.completion", "text_completion"),
        event.hasKey("choices"),
        event.usageHas("prompt_tokens"));
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    String provider = provider(event, usage);
    if (provider != null) {
      state.provider(provider);
    }
    // A gateway passes on what Anthropic says of a place and a speed.
    state.words().set(Word.REGION, AnthropicDialect.region(usage));
    // Servers that report running counts do so before the end as well.
    state.terminated(
        event.wordIs("object", "chat.completion") || (usage != null && state.choicesEnded()));
  }

  private static @Nullable String provider(AnswerEvent event, @Nullable UsageTree usage) {
    if (event.hasKey("prompt_filter_results")) {
      return "azure.ai.openai";
    }
    if (event.hasKey("x_groq")) {
      return "groq";
    }
    if (event.wordIs("system_fingerprint", "fp_ollama")) {
      return "ollama";
    }
    if (event.hasKey("timings")) {
      return "llama_cpp";
    }
    String seller = OpenAiFields.seller(event, usage);
    if (seller != null || usage == null) {
      return seller;
    }
    if (usage.has("num_sources_used")) {
      return "x_ai";
    }
    if (usage.has("search_context_size") || usage.has("cost.total_cost")) {
      return "perplexity";
    }
    return usage.has("prompt_cache_hit_tokens") ? "deepseek" : null;
  }

  /** xAI counts reasoning beside the completion; the total tells, where there is one. */
  @Override
  public Convention convention(AnswerState state) {
    String model = state.words().get(Word.MODEL);
    boolean beside = state.isProvider("x_ai") || (model != null && model.startsWith("grok"));
    return beside ? Convention.INSIDE.reasoningBeside() : Convention.INSIDE;
  }

  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    if (usage.has("citation_tokens")) {
      // Perplexity's research counts its reasoning beside everything, its total included.
      state.extra("reasoning_tokens", counts.get(Count.REASONING));
      counts.leaveOut(Count.REASONING);
    }
    if (usage.has("prompt_audio_seconds")) {
      counts.restIsAudio();
    }
    return convention(state).read(counts);
  }
}
