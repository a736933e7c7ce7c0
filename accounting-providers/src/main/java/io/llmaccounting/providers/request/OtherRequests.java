package io.llmaccounting.providers.request;

/** Requests in the shapes of Cohere, Ollama and DashScope, and rankings. */
final class OtherRequests {
  private static final String[] COHERE_SIGNS = {
    "message",
    "chat_history",
    "preamble",
    "connectors",
    "documents",
    "citation_options",
    "citation_quality",
    "safety_mode",
    "strict_tools",
    "k",
    "p"
  };

  private static final String[] COHERE_TEXTS = {
    "message",
    "preamble",
    "chat_history.message",
    "messages.content",
    "messages.content.text",
    "messages.content.thinking",
    "messages.content.document.**",
    "messages.tool_plan",
    "messages.tool_calls.function.name",
    "messages.tool_calls.function.arguments",
    "documents.**",
    "tools.**",
    "tool_results.**",
    "response_format.schema.**",
    "response_format.json_schema.**"
  };

  private OtherRequests() {}

  static RequestFields cohereChat() {
    return new RequestFields(RequestShape.COHERE, "chat")
        .provider("cohere")
        .needs("messages", "message")
        .signs(COHERE_SIGNS)
        .modelStarts("command", "c4ai")
        .text(COHERE_TEXTS)
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.MAX_OUTPUT, "max_tokens")
        .word(RequestWord.FORMAT, "response_format.type")
        .word(RequestWord.TEMPERATURE, "temperature")
        .word(RequestWord.TOP_P, "p")
        .count(Counted.MESSAGE, "messages", "message", "chat_history")
        .count(Counted.TOOL, "tools")
        .count(Counted.IMAGE, "messages.content.image_url")
        .count(Counted.ELSEWHERE, "conversation_id", "connectors");
  }

  static RequestFields cohereEmbed() {
    return new RequestFields(RequestShape.COHERE, "embeddings")
        .provider("cohere")
        .needs("texts", "images", "inputs")
        .signs("texts", "input_type", "embedding_types", "truncate", "output_dimension")
        .modelStarts("embed-")
        .text("texts", "inputs.content.text")
        .word(RequestWord.MODEL, "model")
        .count(Counted.MESSAGE, "texts", "inputs")
        .count(Counted.IMAGE, "images", "inputs.content.image_url");
  }

  static RequestFields rerank() {
    return new RequestFields(RequestShape.RERANK, "rerank")
        .needs("query")
        .signs("query", "documents", "top_n", "top_k", "return_documents", "max_tokens_per_doc")
        .modelStarts("rerank", "jina-reranker")
        .text("query", "query.text", "documents.**")
        .word(RequestWord.MODEL, "model")
        .count(Counted.MESSAGE, "documents");
  }

  static RequestFields ollamaChat() {
    return ollama("chat")
        .streamsUnasked()
        .needs("messages")
        .signs("messages.images", "format", "think")
        .text(
            "messages.content",
            "messages.thinking",
            "messages.tool_calls.function.**",
            "tools.**",
            "format.**")
        .count(Counted.MESSAGE, "messages")
        .count(Counted.TOOL, "tools")
        .count(Counted.IMAGE, "messages.images");
  }

  static RequestFields ollamaGenerate() {
    return ollama("text_completion")
        .streamsUnasked()
        .needs("prompt")
        .signs("raw", "system", "template", "context", "images", "format", "think")
        .text("prompt", "system", "suffix", "context", "format.**")
        .count(Counted.MESSAGE, "prompt")
        .count(Counted.IMAGE, "images");
  }

  static RequestFields ollamaEmbed() {
    return ollama("embeddings")
        .needs("input", "prompt")
        .signs("truncate")
        .text("input", "prompt")
        .count(Counted.MESSAGE, "input", "prompt");
  }

  private static RequestFields ollama(String operation) {
    return new RequestFields(RequestShape.OLLAMA, operation)
        .provider("ollama")
        .signs("options", "keep_alive")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.MAX_OUTPUT, "options.num_predict")
        .word(RequestWord.FORMAT, "format")
        .word(RequestWord.TEMPERATURE, "options.temperature")
        .word(RequestWord.TOP_P, "options.top_p");
  }

  static RequestFields dashScopeChat() {
    return new RequestFields(RequestShape.DASHSCOPE, "chat")
        .provider("alibaba_cloud")
        .streamsByHeader()
        .needs("input.messages", "input.prompt")
        .signs("input.messages", "input.prompt", "parameters")
        .text(
            "input.prompt",
            "input.messages.content",
            "input.messages.content.text",
            "input.messages.tool_calls.function.arguments",
            "parameters.tools.**")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "parameters.incremental_output")
        .word(RequestWord.MAX_OUTPUT, "parameters.max_tokens")
        .word(RequestWord.CHOICES, "parameters.n")
        .word(RequestWord.FORMAT, "parameters.response_format.type")
        .word(RequestWord.TEMPERATURE, "parameters.temperature")
        .word(RequestWord.TOP_P, "parameters.top_p")
        .count(Counted.MESSAGE, "input.messages", "input.prompt")
        .count(Counted.TOOL, "parameters.tools")
        .count(Counted.IMAGE, "input.messages.content.image")
        .count(Counted.AUDIO, "input.messages.content.audio")
        .count(Counted.FILE, "input.messages.content.video");
  }

  static RequestFields dashScopeEmbed() {
    return new RequestFields(RequestShape.DASHSCOPE, "embeddings")
        .provider("alibaba_cloud")
        .needs("input.texts", "input.contents")
        .signs("input.texts", "input.contents", "parameters")
        .text("input.texts", "input.contents.text")
        .word(RequestWord.MODEL, "model")
        .count(Counted.MESSAGE, "input.texts", "input.contents")
        .count(Counted.IMAGE, "input.contents.image")
        .count(Counted.FILE, "input.contents.video");
  }
}
