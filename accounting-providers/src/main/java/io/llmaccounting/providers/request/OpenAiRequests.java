package io.llmaccounting.providers.request;

/** Requests in OpenAI's shapes, and in those that are compatible with them. */
final class OpenAiRequests {
  private static final String[] CHAT_SIGNS = {
    "max_completion_tokens",
    "stream_options",
    "response_format",
    "frequency_penalty",
    "presence_penalty",
    "logprobs",
    "logit_bias",
    "n",
    "seed",
    "stop",
    "functions",
    "parallel_tool_calls",
    "reasoning_effort",
    "tools.function",
    "messages.tool_calls",
    "messages.tool_call_id",
    "messages.content.image_url"
  };

  private static final String[] CHAT_TEXTS = {
    "messages.content",
    "messages.content.text",
    "messages.content.refusal",
    "messages.reasoning_content",
    "messages.tool_calls.function.name",
    "messages.tool_calls.function.arguments",
    "messages.function_call.arguments",
    "tools.**",
    "functions.**",
    "response_format.json_schema.**"
  };

  private static final String[] RESPONSES_SIGNS = {
    "instructions",
    "max_output_tokens",
    "previous_response_id",
    "conversation",
    "prompt.id",
    "text.format",
    "text.verbosity",
    "reasoning",
    "store",
    "include",
    "tools",
    "truncation",
    "background",
    "input.role"
  };

  private static final String[] RESPONSES_TEXTS = {
    "instructions",
    "input",
    "input.content",
    "input.content.text",
    "input.arguments",
    "input.output",
    "input.output.text",
    "input.summary.text",
    "prompt.variables.**",
    "tools.**",
    "text.format.**"
  };

  private OpenAiRequests() {}

  static RequestFields chat() {
    return new RequestFields(RequestShape.OPENAI_CHAT, "chat")
        .needs("messages")
        .signs(CHAT_SIGNS)
        .readInOrder("tools", "functions", "messages")
        .text(CHAT_TEXTS)
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.STREAM_USAGE, "stream_options.include_usage", "usage.include")
        .word(RequestWord.MAX_OUTPUT, "max_completion_tokens", "max_tokens")
        .word(RequestWord.CHOICES, "n")
        .word(RequestWord.FORMAT, "response_format.type")
        .word(RequestWord.TEMPERATURE, "temperature")
        .word(RequestWord.TOP_P, "top_p")
        .word(RequestWord.TIER, "service_tier")
        .word(RequestWord.USER, "user", "safety_identifier")
        .word(RequestWord.CACHE_KEY, "prompt_cache_key")
        .metadata("metadata")
        .count(Counted.MESSAGE, "messages")
        .count(Counted.TOOL, "tools", "functions")
        .count(Counted.IMAGE, "messages.content.image_url")
        .count(Counted.AUDIO, "messages.content.input_audio", "messages.content.audio_url")
        .count(
            Counted.FILE,
            "messages.content.file",
            "messages.content.document_url",
            "messages.content.video_url")
        .count(
            Counted.CACHE_MARK,
            "tools.cache_control",
            "messages.cache_control",
            "messages.content.cache_control")
        .count(Counted.ELSEWHERE, "messages.content.file.file_id", "data_sources");
  }

  static RequestFields completions() {
    return new RequestFields(RequestShape.OPENAI_COMPLETIONS, "text_completion")
        .needs("prompt")
        .signs("suffix", "max_tokens", "best_of", "echo", "stop", "logprobs", "n_predict")
        .text("prompt", "suffix")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.STREAM_USAGE, "stream_options.include_usage")
        .word(RequestWord.MAX_OUTPUT, "max_tokens", "n_predict")
        .word(RequestWord.CHOICES, "best_of", "n")
        .word(RequestWord.FORMAT, "response_format.type")
        .word(RequestWord.TEMPERATURE, "temperature")
        .word(RequestWord.TOP_P, "top_p")
        .word(RequestWord.USER, "user")
        .count(Counted.MESSAGE, "prompt");
  }

  static RequestFields responses() {
    return new RequestFields(RequestShape.OPENAI_RESPONSES, "chat")
        .needs("input", "prompt.id")
        .signs(RESPONSES_SIGNS)
        .readInOrder("tools", "instructions", "input")
        .text(RESPONSES_TEXTS)
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.MAX_OUTPUT, "max_output_tokens")
        .word(RequestWord.FORMAT, "text.format.type")
        .word(RequestWord.TEMPERATURE, "temperature")
        .word(RequestWord.TOP_P, "top_p")
        .word(RequestWord.TIER, "service_tier")
        .word(RequestWord.USER, "user", "safety_identifier")
        .word(RequestWord.CACHE_KEY, "prompt_cache_key")
        .metadata("metadata")
        .count(Counted.MESSAGE, "input")
        .count(Counted.TOOL, "tools")
        .count(
            Counted.IMAGE,
            "input.content.type=input_image",
            "input.output.type=input_image",
            "prompt.variables.type=input_image")
        .count(Counted.AUDIO, "input.content.type=input_audio")
        .count(Counted.FILE, "input.content.type=input_file", "input.output.type=input_file")
        .count(
            Counted.ELSEWHERE,
            "previous_response_id",
            "conversation",
            "prompt",
            "input.content.file_id",
            "input.type=item_reference");
  }

  static RequestFields embeddings() {
    return new RequestFields(RequestShape.OPENAI_EMBEDDINGS, "embeddings")
        .needs("input", "inputs")
        .signs(
            "encoding_format",
            "dimensions",
            "input_type",
            "truncation",
            "output_dimension",
            "output_dtype",
            "task",
            "late_chunking",
            "embedding_type",
            "normalized")
        .modelStarts("text-embedding", "voyage", "jina", "mistral-embed", "codestral-embed")
        .text("input", "input.text", "inputs", "inputs.content.text")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.USER, "user")
        .count(Counted.MESSAGE, "input", "inputs")
        .count(
            Counted.IMAGE,
            "input.image",
            "inputs.content.type=image_base64",
            "inputs.content.type=image_url")
        .count(Counted.FILE, "inputs.content.type=video_base64", "inputs.content.type=video_url");
  }

  static RequestFields images() {
    return new RequestFields(RequestShape.OPENAI_IMAGES, "image_generation")
        .needs("prompt", "image")
        .signs("size", "quality", "style", "background", "output_format", "image", "images", "mask")
        .modelStarts("dall-e", "gpt-image", "chatgpt-image")
        .text("prompt")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.CHOICES, "n")
        .word(RequestWord.FORMAT, "output_format", "response_format")
        .word(RequestWord.USER, "user")
        .count(Counted.MESSAGE, "prompt")
        .count(Counted.IMAGE, "image", "images", "mask")
        .count(Counted.ELSEWHERE, "images.file_id");
  }

  static RequestFields audio() {
    return new RequestFields(RequestShape.OPENAI_AUDIO, "transcription")
        .needs("file")
        .signs(
            "file", "language", "response_format", "timestamp_granularities", "chunking_strategy")
        .modelStarts("whisper", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "voxtral")
        .text("prompt")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.STREAM, "stream")
        .word(RequestWord.FORMAT, "response_format")
        .word(RequestWord.TEMPERATURE, "temperature")
        .count(Counted.AUDIO, "file");
  }

  static RequestFields speech() {
    return new RequestFields(RequestShape.OPENAI_AUDIO, "speech")
        .needs("voice")
        .signs("voice", "input", "response_format", "speed", "stream_format")
        .modelStarts("tts", "gpt-4o-mini-tts")
        .text("input", "instructions")
        .word(RequestWord.MODEL, "model")
        .word(RequestWord.FORMAT, "response_format")
        .count(Counted.MESSAGE, "input");
  }

  static RequestFields ocr() {
    return new RequestFields(RequestShape.MISTRAL_OCR, "ocr")
        .provider("mistral_ai")
        .needs("document")
        .signs("document.type", "pages", "include_image_base64", "image_limit")
        .modelStarts("mistral-ocr")
        .word(RequestWord.MODEL, "model")
        .count(Counted.IMAGE, "document.type=image_url")
        .count(Counted.FILE, "document.type=document_url", "document.type=file")
        .count(Counted.ELSEWHERE, "document.file_id");
  }
}
