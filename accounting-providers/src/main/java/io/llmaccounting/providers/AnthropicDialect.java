package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;

/** Anthropic's messages: input excludes cached tokens, and a stream reports running counts. */
final class AnthropicDialect implements Dialect {
  @Override
  public Shape shape() {
    return Shape.ANTHROPIC_MESSAGES;
  }

  @Override
  public boolean recognises(AnswerEvent event) {
    UsageTree usage = event.usages.get("usage");
    return event.wordIs("type", "message", "message_start", "message_delta", "message_stop")
        || event.wordStarts("type", "content_block_")
        || (usage != null
            && (usage.has("cache_read_input_tokens") || usage.has("cache_creation_input_tokens")));
  }

  @Override
  public void take(AnswerEvent event, AnswerState state) {
    UsageTree usage = event.firstUsage("message.usage", "usage");
    state.growUsage(usage);
    String id = event.firstWord("message.id", "id");
    state.id(id);
    if (id != null) {
      state.provider(provider(id));
    }
    state.model(event.firstWord("message.model", "model"));
    state.finishReason(event.firstWord("delta.stop_reason", "stop_reason"));
    if (usage != null) {
      state.serviceTier(usage.word("service_tier"));
    }
    state.terminated(event.wordIs("type", "message_stop", "message"));
  }

  /** The clouds that pass the answers on mark their ids. */
  private static String provider(String id) {
    if (id.startsWith("msg_bdrk_")) {
      return "aws.bedrock";
    }
    return id.startsWith("msg_vrtx_") ? "gcp.vertex_ai" : "anthropic";
  }

  @Override
  public void extras(UsageTree usage, AnswerState state) {
    state.extra("web_search", usage.count("server_tool_use", "web_search_requests"));
    state.extra("web_fetch", usage.count("server_tool_use", "web_fetch_requests"));
  }

  @Override
  public TokenUsage tokens(UsageTree usage, AnswerState state) {
    Dialect.require(usage, "input_tokens");
    long write1h = usage.count("cache_creation", "ephemeral_1h_input_tokens");
    long write5m = usage.count("cache_creation", "ephemeral_5m_input_tokens");
    Long written = usage.optionalCount("cache_creation_input_tokens");
    if (written != null) {
      if (written < write5m + write1h) {
        throw new IllegalArgumentException(
            "cache_creation_input_tokens (%d) must include those of its lifetimes (%d)"
                .formatted(written, write5m + write1h));
      }
      write5m = written - write1h;
    }
    return TokenUsage.cacheExcluded()
        .input(usage.count("input_tokens"))
        .cacheRead(usage.count("cache_read_input_tokens"))
        .cacheWrite5m(write5m)
        .cacheWrite1h(write1h)
        .output(usage.count("output_tokens"))
        .reasoning(usage.count("output_tokens_details", "thinking_tokens"))
        .build();
  }
}
