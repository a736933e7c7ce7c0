package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** The counts of OpenAI and what is compatible with it: one vocabulary in many spellings. */
final class OpenAiFields {
  private static final String[] INPUT_DETAILS = {
    "prompt_tokens_details", "input_tokens_details", "input_token_details", "prompt_token_details"
  };
  private static final String[] OUTPUT_DETAILS = {
    "completion_tokens_details", "output_tokens_details", "output_token_details"
  };

  private OpenAiFields() {}

  static AnswerFields addTo(AnswerFields fields) {
    fields
        .count(Count.INPUT, "prompt_tokens", "input_tokens")
        .count(Count.OUTPUT, "completion_tokens", "output_tokens")
        .count(Count.TOTAL, "total_tokens")
        .count(
            Count.CACHE_READ,
            in(INPUT_DETAILS, "cached_tokens", "cache_read_input_tokens", "cache_read_tokens"))
        .count(
            Count.CACHE_READ,
            "prompt_cache_hit_tokens",
            "cached_input_tokens",
            "cached_tokens",
            "num_cached_tokens",
            "cache_read_input_tokens")
        .count(Count.TOOL_INPUT, "connector_tokens");
    fields
        .count(Count.AUDIO_INPUT, in(INPUT_DETAILS, "audio_tokens"))
        .count(Count.CACHED_AUDIO, in(INPUT_DETAILS, "cached_tokens_details.audio_tokens"))
        .count(Count.REASONING, in(OUTPUT_DETAILS, "reasoning_tokens", "thinking_tokens"))
        .count(Count.REASONING, "reasoning_tokens", "reasoning_output_tokens")
        .count(Count.AUDIO_OUTPUT, in(OUTPUT_DETAILS, "audio_tokens"));
    return toolCalls(partsOfOthers(cacheWrites(fields)));
  }

  private static AnswerFields cacheWrites(AnswerFields fields) {
    return fields
        .count(
            Count.CACHE_WRITE,
            in(
                INPUT_DETAILS,
                "cache_write_tokens",
                "cache_creation_tokens",
                "cache_creation_input_tokens"))
        .count(
            Count.CACHE_WRITE,
            "cache_creation_input_tokens",
            "cache_creation_tokens",
            "cache_write_tokens",
            "prompt_cache_write_tokens")
        .count(
            Count.CACHE_WRITE_5M,
            in(
                INPUT_DETAILS,
                "cache_creation.ephemeral_5m_input_tokens",
                "cache_creation_token_details.ephemeral_5m_input_tokens"))
        .count(Count.CACHE_WRITE_5M, "cache_creation.ephemeral_5m_input_tokens")
        .count(
            Count.CACHE_WRITE_1H,
            in(
                INPUT_DETAILS,
                "cache_creation.ephemeral_1h_input_tokens",
                "cache_creation_token_details.ephemeral_1h_input_tokens"))
        .count(Count.CACHE_WRITE_1H, "cache_creation.ephemeral_1h_input_tokens");
  }

  /** Declares counts that lie inside others that are read. */
  private static AnswerFields partsOfOthers(AnswerFields fields) {
    return fields
        .partOfOthers(in(INPUT_DETAILS, "text_tokens", "image_tokens", "video_tokens"))
        .partOfOthers(
            in(
                INPUT_DETAILS,
                "cached_tokens_details.text_tokens",
                "cached_tokens_details.image_tokens"))
        .partOfOthers(
            in(
                OUTPUT_DETAILS,
                "text_tokens",
                "image_tokens",
                "video_tokens",
                "accepted_prediction_tokens",
                "rejected_prediction_tokens"))
        .partOfOthers("prompt_cache_miss_tokens", "image_tokens", "video_tokens");
  }

  /**
   * Declares the calls of tools that the servers of xAI, Alibaba and Mistral made for an answer.
   */
  private static AnswerFields toolCalls(AnswerFields fields) {
    String details = "server_side_tool_usage_details.";
    return fields
        .extra("search_sources", "num_sources_used")
        .extra(
            "web_search",
            details + "web_search_calls",
            "server_tool_use.web_search_requests",
            "plugins.search.count",
            "x_tools.web_search.count",
            "connectors.web_search")
        .extra("web_search_premium", "connectors.web_search_premium")
        .extra("x_search", details + "x_search_calls")
        .extra(
            "code_interpreter",
            details + "code_interpreter_calls",
            "x_tools.code_interpreter.count",
            "connectors.code_interpreter")
        .extra("image_generation", "connectors.image_generation")
        .extra("file_search", details + "file_search_calls")
        .extra("document_search", details + "document_search_calls", "connectors.document_library")
        .extra("mcp", details + "mcp_calls")
        .cost("cost_in_usd_ticks");
  }

  /** The seller that names itself in an answer of any form; null where none does. */
  static @Nullable String seller(AnswerEvent event, @Nullable UsageTree usage) {
    boolean routed = event.wordStarts("id", "gen-") && event.word("provider") != null;
    if (routed || (usage != null && (usage.has("cost_details") || usage.has("is_byok")))) {
      return "openrouter";
    }
    return usage != null && usage.has("cost_in_usd_ticks") ? "x_ai" : null;
  }

  private static String[] in(String[] objects, String... names) {
    String[] paths = new String[objects.length * names.length];
    int at = 0;
    for (String object : objects) {
      for (String name : names) {
        paths[at++] = object + "." + name;
      }
    }
    return paths;
  }
}
