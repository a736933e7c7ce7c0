package io.llmaccounting.providers.request;

/** Requests in Google's shapes, in both spellings that its servers take. */
final class GoogleRequests {
  private static final String[] GENERATE_SIGNS = {
    "contents.parts",
    "generationConfig",
    "generation_config",
    "systemInstruction",
    "system_instruction",
    "safetySettings",
    "safety_settings",
    "cachedContent",
    "toolConfig"
  };

  private static final String[] GENERATE_TEXTS = {
    "contents.parts.text",
    "contents.parts.functionCall.**",
    "contents.parts.function_call.**",
    "contents.parts.functionResponse.**",
    "contents.parts.function_response.**",
    "contents.parts.executableCode.code",
    "contents.parts.codeExecutionResult.output",
    "systemInstruction.parts.text",
    "system_instruction.parts.text",
    "tools.functionDeclarations.**",
    "tools.function_declarations.**",
    "generationConfig.responseSchema.**",
    "generationConfig.responseJsonSchema.**",
    "generation_config.response_schema.**"
  };

  private static final String[] GENERATE_TOOLS = {
    "tools.functionDeclarations",
    "tools.function_declarations",
    "tools.googleSearch",
    "tools.google_search",
    "tools.googleSearchRetrieval",
    "tools.googleMaps",
    "tools.codeExecution",
    "tools.code_execution",
    "tools.urlContext",
    "tools.url_context",
    "tools.fileSearch",
    "tools.computerUse"
  };

  private GoogleRequests() {}

  static RequestFields generate() {
    return new RequestFields(RequestShape.GEMINI, "generate_content")
        .provider("gcp.gemini")
        .needs("contents")
        .signs(GENERATE_SIGNS)
        .wrappedIn("generateContentRequest", "generate_content_request")
        .text(GENERATE_TEXTS)
        .word(RequestWord.MODEL, "model")
        .word(
            RequestWord.MAX_OUTPUT,
            "generationConfig.maxOutputTokens",
            "generationConfig.max_output_tokens",
            "generation_config.maxOutputTokens",
            "generation_config.max_output_tokens")
        .word(
            RequestWord.CHOICES,
            "generationConfig.candidateCount",
            "generation_config.candidate_count")
        .word(
            RequestWord.FORMAT,
            "generationConfig.responseMimeType",
            "generation_config.response_mime_type")
        .word(
            RequestWord.TEMPERATURE,
            "generationConfig.temperature",
            "generation_config.temperature")
        .word(RequestWord.TOP_P, "generationConfig.topP", "generation_config.top_p")
        .word(RequestWord.TIER, "serviceTier", "service_tier")
        .word(RequestWord.CACHED_CONTENT, "cachedContent", "cached_content")
        .metadata("labels")
        .count(Counted.MESSAGE, "contents")
        .count(Counted.TOOL, GENERATE_TOOLS)
        .count(Counted.IMAGE, mediaOf("image/*"))
        .count(Counted.AUDIO, mediaOf("audio/*"))
        .count(Counted.FILE, mediaOf("*"))
        .count(Counted.ELSEWHERE, "cachedContent", "cached_content");
  }

  private static String[] mediaOf(String type) {
    return new String[] {
      "contents.parts.inlineData.mimeType=" + type,
      "contents.parts.fileData.mimeType=" + type,
      "contents.parts.inline_data.mime_type=" + type,
      "contents.parts.file_data.mime_type=" + type
    };
  }

  static RequestFields embed() {
    return new RequestFields(RequestShape.GEMINI, "embeddings")
        .provider("gcp.gemini")
        .needs("content.parts", "requests.content", "instances")
        .signs("taskType", "outputDimensionality", "requests", "content.parts", "instances.content")
        .text(
            "content.parts.text",
            "requests.content.parts.text",
            "instances.content",
            "instances.prompt",
            "instances.text")
        .word(RequestWord.MODEL, "model", "requests.model")
        .word(RequestWord.CHOICES, "parameters.sampleCount")
        .metadata("labels")
        .count(Counted.MESSAGE, "content", "requests", "instances")
        .count(Counted.IMAGE, "instances.image");
  }
}
