package io.llmaccounting.server.clients;

import io.llmaccounting.tap.fake.FakeAnswer;

/** Answers in which a model wants a tool called: {@code clock}, for the zone UTC. */
final class ToolAnswers {
  static final String ARGUMENTS = "{\"zone\":\"UTC\"}";

  private static final String USAGE =
      "{\"prompt_tokens\":50,\"completion_tokens\":12,\"total_tokens\":62}";

  private ToolAnswers() {}

  static FakeAnswer openAi() {
    return FakeAnswer.json(
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-5-mini","choices":[{"index":0,\
        "message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1",\
        "type":"function","function":{"name":"clock","arguments":"{\\"zone\\":\\"UTC\\"}"}}]},\
        "logprobs":null,"finish_reason":"tool_calls"}],"usage":%s}"""
            .formatted(USAGE));
  }

  static FakeAnswer openAiStream() {
    return events(
        openAiChunk(
                "[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"clock\",\"arguments\":\"\"}}]",
                "null")
            + openAiChunk(arguments("{\\\"zone\\\":"), "null")
            + openAiChunk(arguments("\\\"UTC\\\"}"), "\"tool_calls\"")
            + "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5-mini\",\"choices\":[],\"usage\":%s}\n\n"
                .formatted(USAGE)
            + "data: [DONE]\n\n");
  }

  private static String arguments(String piece) {
    return "[{\"index\":0,\"function\":{\"arguments\":\"%s\"}}]".formatted(piece);
  }

  private static String openAiChunk(String calls, String reason) {
    return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":%s},\"finish_reason\":%s}]}\n\n"
        .formatted(calls, reason);
  }

  static FakeAnswer anthropic() {
    return FakeAnswer.json(
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"tool_use",\
        "id":"toolu_1","name":"clock","input":{"zone":"UTC"}}],"stop_reason":"tool_use","stop_sequence":null,\
        "usage":{"input_tokens":50,"output_tokens":12}}""");
  }

  static FakeAnswer anthropicStream() {
    return events(
        named(
                "message_start",
                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":50,\"output_tokens\":1}}")
            + named(
                "content_block_start",
                "\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"clock\",\"input\":{}}")
            + named(
                "content_block_delta",
                "\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"zone\\\":\"}")
            + named(
                "content_block_delta",
                "\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"UTC\\\"}\"}")
            + named("content_block_stop", "\"index\":0")
            + named(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":12}")
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
  }

  private static String named(String type, String fields) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, fields);
  }

  static FakeAnswer gemini() {
    return FakeAnswer.json(GEMINI);
  }

  static FakeAnswer geminiStream() {
    return events("data: " + GEMINI + "\r\n\r\n");
  }

  private static final String GEMINI =
      "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"clock\",\"args\":{\"zone\":\"UTC\"}}}]},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":50,\"candidatesTokenCount\":12,\"totalTokenCount\":62},\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"r1\"}";

  private static FakeAnswer events(String all) {
    return FakeAnswer.json(all).header("Content-Type", "text/event-stream").inPiecesOf(50);
  }
}
