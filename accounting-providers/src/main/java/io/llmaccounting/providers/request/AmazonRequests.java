package io.llmaccounting.providers.request;

/** Requests in the shapes of Amazon Bedrock. */
final class AmazonRequests {
  private static final String[] CONVERSE_SIGNS = {
    "modelId",
    "inferenceConfig",
    "toolConfig",
    "additionalModelRequestFields",
    "guardrailConfig",
    "performanceConfig",
    "requestMetadata",
    "promptVariables",
    "schemaVersion",
    "messages.content.toolUse",
    "messages.content.toolResult",
    "messages.content.cachePoint"
  };

  private static final String[] CONVERSE_TEXTS = {
    "system.text",
    "system.guardContent.text.text",
    "messages.content.text",
    "messages.content.guardContent.text.text",
    "messages.content.reasoningContent.reasoningText.text",
    "messages.content.document.source.text",
    "messages.content.toolUse.input.**",
    "messages.content.toolResult.content.text",
    "messages.content.toolResult.content.json.**",
    "toolConfig.tools.toolSpec.**",
    "promptVariables.**"
  };

  private AmazonRequests() {}

  static RequestFields converse() {
    return new RequestFields(RequestShape.BEDROCK_CONVERSE, "chat")
        .provider("aws.bedrock")
        .needs("messages", "promptVariables")
        .signs(CONVERSE_SIGNS)
        .readInOrder("toolConfig", "system", "messages")
        .text(CONVERSE_TEXTS)
        .word(RequestWord.MODEL, "modelId")
        .word(RequestWord.MAX_OUTPUT, "inferenceConfig.maxTokens", "inferenceConfig.max_new_tokens")
        .word(RequestWord.FORMAT, "outputConfig.textFormat.type")
        .word(RequestWord.TEMPERATURE, "inferenceConfig.temperature")
        .word(RequestWord.TOP_P, "inferenceConfig.topP", "inferenceConfig.top_p")
        .word(RequestWord.TIER, "serviceTier.type")
        .metadata("requestMetadata")
        .count(Counted.MESSAGE, "messages")
        .count(Counted.TOOL, "toolConfig.tools.toolSpec", "toolConfig.tools.systemTool")
        .count(Counted.IMAGE, "messages.content.image", "messages.content.toolResult.content.image")
        .count(Counted.AUDIO, "messages.content.audio")
        .count(
            Counted.FILE,
            "messages.content.document",
            "messages.content.video",
            "messages.content.toolResult.content.document",
            "messages.content.toolResult.content.video")
        .count(
            Counted.CACHE_MARK,
            "toolConfig.tools.cachePoint",
            "system.cachePoint",
            "messages.content.cachePoint")
        .count(Counted.ELSEWHERE, "promptVariables");
  }

  static RequestFields invoke() {
    return new RequestFields(RequestShape.BEDROCK_INVOKE, "text_completion")
        .provider("aws.bedrock")
        .needs("inputText", "prompt")
        .signs("inputText", "textGenerationConfig", "max_gen_len")
        .text("inputText", "prompt")
        .word(RequestWord.MODEL, "modelId")
        .word(
            RequestWord.MAX_OUTPUT,
            "textGenerationConfig.maxTokenCount",
            "max_gen_len",
            "max_tokens")
        .word(RequestWord.TEMPERATURE, "textGenerationConfig.temperature", "temperature")
        .word(RequestWord.TOP_P, "textGenerationConfig.topP", "top_p")
        .count(Counted.MESSAGE, "inputText", "prompt")
        .count(Counted.IMAGE, "images", "inputImage");
  }
}
