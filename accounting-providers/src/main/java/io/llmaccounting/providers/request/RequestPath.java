package io.llmaccounting.providers.request;

import io.llmaccounting.providers.internal.StorableName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the path of a request says.
 *
 * @param shape the shape, UNKNOWN where it does not say it
 * @param model the model or deployment that it names, or null
 * @param operation the operation, or null where the shape's own holds
 * @param streamed whether the answer is streamed, null where it does not say it
 */
record RequestPath(
    RequestShape shape,
    @Nullable String model,
    @Nullable String operation,
    @Nullable Boolean streamed) {
  private static final RequestPath NOTHING =
      new RequestPath(RequestShape.UNKNOWN, null, null, null);

  private static final int LONGEST = 4_096;

  /** The end of a path, and what it means. */
  private record Ending(String end, RequestShape shape, @Nullable String operation) {}

  /** The first that fits holds. */
  private static final List<Ending> ENDINGS =
      List.of(
          new Ending("/fim/completions", RequestShape.OPENAI_COMPLETIONS, null),
          new Ending("/chat/completions", RequestShape.OPENAI_CHAT, null),
          new Ending("/agents/completions", RequestShape.OPENAI_CHAT, null),
          new Ending("/completions", RequestShape.OPENAI_COMPLETIONS, null),
          new Ending("/completion", RequestShape.OPENAI_COMPLETIONS, null),
          new Ending("/responses", RequestShape.OPENAI_RESPONSES, null),
          new Ending("/api/embeddings", RequestShape.OLLAMA, "embeddings"),
          new Ending("/embeddings", RequestShape.OPENAI_EMBEDDINGS, null),
          new Ending("/multimodalembeddings", RequestShape.OPENAI_EMBEDDINGS, null),
          new Ending("/images/generations", RequestShape.OPENAI_IMAGES, null),
          new Ending("/images/edits", RequestShape.OPENAI_IMAGES, null),
          new Ending("/images/variations", RequestShape.OPENAI_IMAGES, null),
          new Ending("/audio/transcriptions", RequestShape.OPENAI_AUDIO, "transcription"),
          new Ending("/audio/translations", RequestShape.OPENAI_AUDIO, "transcription"),
          new Ending("/audio/speech", RequestShape.OPENAI_AUDIO, "speech"),
          new Ending("/messages/count_tokens", RequestShape.ANTHROPIC_MESSAGES, "count_tokens"),
          new Ending("/messages", RequestShape.ANTHROPIC_MESSAGES, null),
          new Ending("/api/chat", RequestShape.OLLAMA, "chat"),
          new Ending("/api/generate", RequestShape.OLLAMA, "text_completion"),
          new Ending("/api/embed", RequestShape.OLLAMA, "embeddings"),
          new Ending("/v1/chat", RequestShape.COHERE, "chat"),
          new Ending("/v2/chat", RequestShape.COHERE, "chat"),
          new Ending("/v1/embed", RequestShape.COHERE, "embeddings"),
          new Ending("/v2/embed", RequestShape.COHERE, "embeddings"),
          new Ending("/rerank", RequestShape.RERANK, null),
          new Ending("/ocr", RequestShape.MISTRAL_OCR, null),
          new Ending("-generation/generation", RequestShape.DASHSCOPE, "chat"),
          new Ending("/text-embedding/text-embedding", RequestShape.DASHSCOPE, "embeddings"),
          new Ending(
              "/multimodal-embedding/multimodal-embedding", RequestShape.DASHSCOPE, "embeddings"));

  private static final Pattern BEDROCK =
      Pattern.compile("/model/(.+)/(converse|invoke)(-stream|-with-response-stream)?$");

  private static final Pattern GOOGLE =
      Pattern.compile("/(?:publishers/([^/]+)/)?(?:models|tunedModels|endpoints)/([^/:]+):(\\w+)$");

  private static final Pattern AZURE = Pattern.compile("/(?:deployments|engines)/([^/]+)/");

  /** The operations of Google's methods; an empty one is told by the body. */
  private static final Map<String, String> METHODS =
      Map.of(
          "generateContent", "generate_content",
          "streamGenerateContent", "generate_content",
          "countTokens", "count_tokens",
          "embedContent", "embeddings",
          "batchEmbedContents", "embeddings",
          "predict", "");

  /** What {@code path} says. */
  static RequestPath of(@Nullable String path) {
    if (path == null || path.length() > LONGEST) {
      return NOTHING;
    }
    String end = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    // most paths have none of it, and patterns are dear
    if (end.contains("/model/")) {
      Matcher bedrock = BEDROCK.matcher(end);
      if (bedrock.find()) {
        return bedrock(decoded(bedrock.group(1)), bedrock.group(2), bedrock.group(3) != null);
      }
    }
    if (end.indexOf(':') >= 0) {
      Matcher google = GOOGLE.matcher(end);
      if (google.find()) {
        return google(google.group(1), decoded(google.group(2)), google.group(3));
      }
    }
    String deployment = deployment(end);
    for (Ending ending : ENDINGS) {
      if (end.endsWith(ending.end)) {
        return new RequestPath(ending.shape, deployment, ending.operation, null);
      }
    }
    return NOTHING;
  }

  private static @Nullable String deployment(String path) {
    if (!path.contains("/deployments/") && !path.contains("/engines/")) {
      return null;
    }
    Matcher azure = AZURE.matcher(path);
    return azure.find() ? decoded(azure.group(1)) : null;
  }

  private static RequestPath bedrock(@Nullable String model, String method, boolean streamed) {
    if (method.equals("converse")) {
      return new RequestPath(RequestShape.BEDROCK_CONVERSE, model, null, streamed);
    }
    String name = model == null ? "" : model.toLowerCase(Locale.ROOT);
    RequestShape shape = RequestShape.UNKNOWN;
    if (name.contains("anthropic.")) {
      shape = RequestShape.ANTHROPIC_MESSAGES;
    } else if (name.contains("amazon.nova") && !isMedia(name)) {
      shape = RequestShape.BEDROCK_CONVERSE;
    } else if (name.contains("amazon.titan") || name.contains("meta.llama")) {
      shape = RequestShape.BEDROCK_INVOKE;
    } else if (name.contains("cohere.") && !name.contains("rerank")) {
      shape = RequestShape.COHERE;
    }
    return new RequestPath(shape, model, name.contains("embed") ? "embeddings" : null, streamed);
  }

  private static boolean isMedia(String name) {
    return name.contains("embed") || name.contains("canvas") || name.contains("reel");
  }

  private static RequestPath google(
      @Nullable String publisher, @Nullable String model, String method) {
    boolean streamed = method.startsWith("stream");
    if (method.equals("rawPredict") || method.equals("streamRawPredict")) {
      RequestShape shape =
          "anthropic".equals(publisher)
              ? RequestShape.ANTHROPIC_MESSAGES
              : RequestShape.OPENAI_CHAT;
      return new RequestPath(shape, model, null, streamed ? true : null);
    }
    String operation = METHODS.get(method);
    return operation == null
        ? NOTHING
        : new RequestPath(
            RequestShape.GEMINI, model, operation.isEmpty() ? null : operation, streamed);
  }

  private static @Nullable String decoded(String text) {
    try {
      // A plus is itself in a path.
      return StorableName.orNull(
          URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return StorableName.orNull(text);
    }
  }
}
