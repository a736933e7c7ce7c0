package io.llmaccounting.tap.fake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a provider is asked, and what the fake one answers by itself. */
public enum ProviderShape {
  /** OpenAI's chat completions. */
  OPENAI_CHAT(
      "gpt-5-mini",
      "/v1/chat/completions",
      "/v1/chat/completions",
      "openai-chat",
      "Grüße 😀 data: [DONE]"),
  /** OpenAI's responses. */
  OPENAI_RESPONSES(
      "gpt-5", "/v1/responses", "/v1/responses", "openai-responses", "\"delta\":\"Hi\""),
  /** OpenAI's embeddings, which are never streamed. */
  OPENAI_EMBEDDINGS(
      "text-embedding-3-small",
      "/v1/embeddings",
      "/v1/embeddings",
      "openai-embeddings",
      "embedding"),
  /** Anthropic's messages. */
  ANTHROPIC_MESSAGES(
      "claude-sonnet-4-5", "/v1/messages", "/v1/messages", "anthropic-messages", "Hello ✨"),
  /** Google's generateContent. */
  GEMINI(
      "gemini-2.5-flash",
      "/v1beta/models/gemini-2.5-flash:generateContent",
      "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
      "gemini",
      " is"),
  /** Amazon Bedrock's Converse. */
  BEDROCK_CONVERSE(
      "anthropic.claude-sonnet-4-5-20250929-v1:0",
      "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse",
      "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream",
      "bedrock-converse",
      "Hello"),
  /** Amazon Bedrock's InvokeModel, of a model that answers in Anthropic's shape. */
  BEDROCK_INVOKE(
      "anthropic.claude-sonnet-4-5-20250929-v1:0",
      "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke",
      "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream",
      "anthropic-messages",
      "Hello ✨");

  private final String model;
  private final String path;
  private final String streamPath;
  private final String file;
  private final String text;

  ProviderShape(String model, String path, String streamPath, String file, String text) {
    this.model = model;
    this.path = path;
    this.streamPath = streamPath;
    this.file = file;
    this.text = text;
  }

  /** The model that is asked. */
  public String model() {
    return model;
  }

  /** Path and query of a request. */
  public String path(boolean streamed) {
    return streamed ? streamPath : path;
  }

  /** The body of a request that asks {@code text}, for clients that have no words of their own. */
  public String request(String text, long maxTokens, boolean streamed) {
    String quoted = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    String stream = streamed ? ",\"stream\":true" : "";
    return switch (this) {
      case OPENAI_CHAT ->
          "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":%s}],\"max_completion_tokens\":%d%s%s}"
              .formatted(
                  model,
                  quoted,
                  maxTokens,
                  stream,
                  streamed ? ",\"stream_options\":{\"include_usage\":true}" : "");
      case OPENAI_RESPONSES ->
          "{\"model\":\"%s\",\"input\":%s,\"max_output_tokens\":%d%s}"
              .formatted(model, quoted, maxTokens, stream);
      case OPENAI_EMBEDDINGS -> "{\"model\":\"%s\",\"input\":%s}".formatted(model, quoted);
      case ANTHROPIC_MESSAGES ->
          "{\"model\":\"%s\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":%s}]%s}"
              .formatted(model, maxTokens, quoted, stream);
      case GEMINI ->
          "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":%s}]}],\"generationConfig\":{\"maxOutputTokens\":%d}}"
              .formatted(quoted, maxTokens);
      case BEDROCK_CONVERSE ->
          "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":%s}]}],\"inferenceConfig\":{\"maxTokens\":%d}}"
              .formatted(quoted, maxTokens);
      case BEDROCK_INVOKE ->
          "{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
              .formatted(maxTokens, quoted);
    };
  }

  /** The golden whole answer. */
  public FakeAnswer answer() {
    return answer(text -> text);
  }

  /** The golden whole answer, edited. */
  public FakeAnswer answer(UnaryOperator<String> edit) {
    return FakeAnswer.json(edit.apply(Golden.text("answers/" + file + ".json")));
  }

  /** The golden stream, of which each piece is an event. */
  public FakeAnswer stream() {
    return stream(text -> text);
  }

  /** The golden stream, each event edited before it is framed. */
  public FakeAnswer stream(UnaryOperator<String> edit) {
    return FakeAnswer.of(
        streamType(), events().stream().map(edit).map(event -> framed(event)).toList());
  }

  /** The golden stream until its first text, and then what this provider says where it fails. */
  public FakeAnswer failingStream() {
    List<byte[]> pieces = new ArrayList<>();
    events().subList(0, textEvent() + 1).forEach(event -> pieces.add(framed(event)));
    pieces.add(failure());
    return FakeAnswer.of(streamType(), pieces);
  }

  private byte[] failure() {
    String event =
        switch (this) {
          case OPENAI_CHAT, OPENAI_EMBEDDINGS ->
              "data: {\"error\":{\"message\":\"planned\",\"type\":\"server_error\",\"code\":null}}\n\n";
          case OPENAI_RESPONSES ->
              "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"planned\",\"param\":null,\"sequence_number\":9}\n\n";
          case ANTHROPIC_MESSAGES ->
              "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"planned\"}}\n\n";
          case GEMINI ->
              "data: {\"error\":{\"code\":503,\"message\":\"planned\",\"status\":\"UNAVAILABLE\"}}\n\n";
          case BEDROCK_CONVERSE, BEDROCK_INVOKE -> "";
        };
    return isFramed()
        ? EventFrame.ofException("modelStreamErrorException", "{\"message\":\"planned\"}")
        : event.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The stream in the bytes of which a reader can make an answer: what is framed for Bedrock, in
   * text.
   */
  public String streamText() {
    return Golden.text(streamFile());
  }

  /** The whole answer as text. */
  public String answerText() {
    return Golden.text("answers/" + file + ".json");
  }

  /** The index of the event of the stream that has the first text. */
  public int textEvent() {
    List<String> events = events();
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).contains(text)) {
        return i;
      }
    }
    throw new IllegalStateException("no event of " + file + " has " + text);
  }

  /** An edit that makes the text of the event with the first text this long. */
  public UnaryOperator<String> withTextOf(int characters) {
    String longer = "x".repeat(characters);
    return event ->
        event.contains(text)
            ? event.replace(text, text.startsWith("\"") ? "\"delta\":\"" + longer + "\"" : longer)
            : event;
  }

  /** An edit that makes every count of tokens a word. */
  public static UnaryOperator<String> malformedUsage() {
    return text ->
        text.replaceAll("\"(\\w*[tT]oken(?:s|Count)\\w*)\"(\\s*:\\s*)\\d+", "\"$1\"$2\"many\"");
  }

  private String streamFile() {
    return switch (this) {
      case OPENAI_EMBEDDINGS -> "answers/" + file + ".json";
      case BEDROCK_CONVERSE -> "streams/" + file + ".jsonl";
      default -> "streams/" + file + ".sse";
    };
  }

  private String streamType() {
    return isFramed()
        ? "application/vnd.amazon.eventstream"
        : streamFile().endsWith(".json") ? "application/json" : "text/event-stream";
  }

  private List<String> events() {
    String all = Golden.text(streamFile());
    if (streamFile().endsWith(".json")) {
      return List.of(all);
    }
    return streamFile().endsWith(".jsonl")
        ? all.lines().toList()
        : Arrays.stream(all.split("\n\n")).map(event -> event + "\n\n").toList();
  }

  private byte[] framed(String event) {
    if (this == BEDROCK_INVOKE) {
      return EventFrame.ofChunk(event.substring(event.indexOf("data:") + "data:".length()).strip());
    }
    return isFramed() ? EventFrame.of(event) : event.getBytes(StandardCharsets.UTF_8);
  }

  private boolean isFramed() {
    return this == BEDROCK_CONVERSE || this == BEDROCK_INVOKE;
  }

  /** What the fake provider answers by itself. */
  static FakeAnswer to(SentRequest request) {
    for (ProviderShape shape : values()) {
      boolean asksStream = request.text().replace(" ", "").contains("\"stream\":true");
      if (request.path().endsWith(pathOnly(shape.streamPath)) && (asksStream || shape.isByPath())) {
        return shape == OPENAI_CHAT && !asksUsage(request)
            ? shape.stream(event -> event.contains("\"choices\":[]") ? "" : event)
            : shape.stream();
      }
      if (request.path().endsWith(pathOnly(shape.path))) {
        return shape.answer();
      }
    }
    return FakeAnswer.json("{\"path\":\"unknown\"}").status(404);
  }

  private boolean isByPath() {
    return !streamPath.equals(path);
  }

  private static boolean asksUsage(SentRequest request) {
    return request.text().replace(" ", "").contains("\"include_usage\":true");
  }

  /** The end of the path that all models of the shape have in common. */
  private static String pathOnly(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (path.startsWith("/model/")) {
      return path.substring(path.lastIndexOf('/'));
    }
    int method = path.lastIndexOf(':');
    return method > 0 ? path.substring(method) : path.substring("/v1".length());
  }
}
