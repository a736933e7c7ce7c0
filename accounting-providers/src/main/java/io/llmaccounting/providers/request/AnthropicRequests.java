package io.llmaccounting.providers.request;

/** Requests in Anthropic's shape. */
final class AnthropicRequests {
  private static final String[] MESSAGES_SIGNS = {
    "anthropic_version",
    "anthropic_beta",
    "system",
    "stop_sequences",
    "cache_control",
    "thinking.budget_tokens",
    "metadata.user_id",
    "output_config",
    "container",
    "context_management",
    "mcp_servers",
    "tools.input_schema",
    "messages.content.source",
    "messages.content.tool_use_id",
    "messages.content.cache_control"
  };

  private static final String[] MESSAGES_TEXTS = {
    "system",
    "system.text",
    "messages.content",
    "messages.content.text",
    "messages.content.thinking",
    "messages.content.input.**",
    "messages.content.content",
    "messages.content.content.text",
    "messages.content.title",
    "messages.content.context",
    "messages.content.source.content",
    "messages.content.source.content.text",
    "tools.**",
    "output_config.format.schema.**",
    "output_format.schema.**"
  };

  private AnthropicRequests() {}

  static RequestFields messages() {
    return new RequestFields(RequestShape.ANTHROPIC_MESSAGES, "chat")
        .provider("anthropic")
        .needs("messages")
        .signs(MESSAGES_SIGNS)
        .modelStarts("claude")
        .readInOrder("tools", "system", "messages")
        .text(MESSAGES_TEXTS)
        .textIf("messages.content.source.data", "messages.content.source.type=text")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.MAX_OUTPUT, "max_tokens")
        .word(RequestWord.FORMAT, "output_config.format.type", "output_format.type")
        .word(RequestWord.TEMPERATURE, "temperature")
        .word(RequestWord.TOP_P, "top_p")
        .word(RequestWord.TIER, "service_tier")
        .word(RequestWord.USER, "metadata.user_id")
        .word(RequestWord.VERSION, "anthropic_version")
        .count(Counted.MESSAGE, "messages")
        .count(Counted.TOOL, "tools")
        .count(Counted.IMAGE, "messages.content.type=image", "messages.content.content.type=image")
        .count(
            Counted.FILE,
            "messages.content.type=document",
            "messages.content.content.type=document",
            "messages.content.type=container_upload")
        .count(
            Counted.CACHE_MARK,
            "cache_control",
            "tools.cache_control",
            "system.cache_control",
            "messages.content.cache_control",
            "messages.content.content.cache_control")
        .count(Counted.ELSEWHERE, "messages.content.source.file_id", "mcp_servers");
  }
}
