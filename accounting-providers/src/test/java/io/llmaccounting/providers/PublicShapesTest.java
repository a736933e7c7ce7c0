package io.llmaccounting.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Usage in the form in which providers document it today. */
@DisplayName("reading K2: shapes as they are documented")
class PublicShapesTest {
  /**
   * A shape.
   *
   * @param parts uncached input, cache reads, 5-minute and 1-hour writes, audio input, text output,
   *     reasoning, audio output
   * @param more source, or extras, or tier, that are unusual
   */
  private record Documented(String name, String answer, List<Long> parts, String more) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Documented of(String name, String answer, String parts, String more) {
    return new Documented(
        name, answer, Stream.of(parts.split(" ", -1)).map(Long::valueOf).toList(), more);
  }

  private static String chat(String usage) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
        + "\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}],\"usage\":{"
        + usage
        + "}}";
  }

  static Stream<Documented> shapes() {
    return Stream.of(makers(), speech(), billedApart(), clouds(), others(), embeddingsAndLocal())
        .flatMap(some -> some);
  }

  private static Stream<Documented> makers() {
    return Stream.of(
        of(
            "OpenAI responses",
            """
            {"id":"resp_1","object":"response","status":"completed","model":"gpt-5","output":[],"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":20,"cache_write_tokens":6},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":60},"total_tokens":123}}\
            """,
            "10 20 6 0 0 27 60 0",
            ""),
        of(
            "OpenAI chat with audio and predictions",
            chat(
                "\"prompt_tokens\":30,\"completion_tokens\":20,\"total_tokens\":50,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":10},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":4,\"audio_tokens\":6,"
                    + "\"accepted_prediction_tokens\":3,\"rejected_prediction_tokens\":2}"),
            "20 0 0 0 10 10 4 6",
            ""),
        of(
            "OpenAI realtime",
            """
            {"type":"response.done","event_id":"e","response":{"object":"realtime.response","id":"resp_1","status":"completed","output":[],"usage":{"total_tokens":275,"input_tokens":127,"output_tokens":148,"input_token_details":{"cached_tokens":64,"text_tokens":119,"audio_tokens":8,"image_tokens":0,"cached_tokens_details":{"text_tokens":64,"audio_tokens":0,"image_tokens":0}},"output_token_details":{"text_tokens":36,"audio_tokens":112}}}}\
            """,
            "55 64 0 0 8 36 0 112",
            ""),
        of(
            "Anthropic with everything",
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5-5","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_creation_input_tokens":70,"cache_read_input_tokens":5,"cache_creation":{"ephemeral_5m_input_tokens":30,"ephemeral_1h_input_tokens":40},"output_tokens":50,"output_tokens_details":{"thinking_tokens":20},"server_tool_use":{"web_search_requests":2,"web_fetch_requests":1},"service_tier":"priority","inference_geo":"us","speed":"fast","iterations":[{"type":"message","model":"claude-opus-5-5","input_tokens":10,"output_tokens":50,"cache_read_input_tokens":5,"cache_creation_input_tokens":70,"cache_creation":{"ephemeral_5m_input_tokens":30,"ephemeral_1h_input_tokens":40}}]}}\
            """,
            "10 5 30 40 0 30 20 0",
            "priority {web_fetch=1, web_search=2}"),
        of(
            "Gemini with tools and thoughts",
            """
            {"candidates":[{"finishReason":"STOP","content":{"parts":[{"text":"x"}]}}],"modelVersion":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":20,"toolUsePromptTokenCount":7,"thoughtsTokenCount":13,"totalTokenCount":140,"promptTokensDetails":[{"modality":"TEXT","tokenCount":90},{"modality":"AUDIO","tokenCount":10}],"cacheTokensDetails":[{"modality":"TEXT","tokenCount":40}],"toolUsePromptTokensDetails":[{"modality":"TEXT","tokenCount":7}],"candidatesTokensDetails":[{"modality":"TEXT","tokenCount":20}],"serviceTier":"flex"}}\
            """,
            "57 40 0 0 10 20 13 0",
            "flex"),
        of(
            "Gemini in snake case with its tier",
            """
            {"candidates":[{"finish_reason":"STOP"}],"usage_metadata":{"prompt_token_count":10,"candidates_token_count":5,"total_token_count":15,"service_tier":"priority"}}\
            """,
            "10 0 0 0 0 5 0 0",
            "priority"));
  }

  private static Stream<Documented> speech() {
    return Stream.of(
        // platform.openai.com/docs/api-reference/audio, speech.audio.done
        of(
            "OpenAI speech",
            """
            data: {"type":"speech.audio.delta","audio":"AA"}

            data: {"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"total_tokens":115}}

            """,
            "14 0 0 0 0 101 0 0",
            ""),
        // docs.mistral.ai/capabilities/audio, transcription
        of(
            "Mistral's transcription, whose audio is in the total alone",
            """
            {"model":"voxtral-mini-2507","text":"x","language":"en","segments":[],"usage":{"prompt_audio_seconds":203,"prompt_tokens":4,"total_tokens":3264,"completion_tokens":635}}\
            """,
            "4 0 0 0 2625 635 0 0",
            "{audio_seconds=203}"));
  }

  private static Stream<Documented> billedApart() {
    return Stream.of(
        // platform.openai.com/docs/api-reference/responses, output items
        of(
            "OpenAI responses with an image and code",
            """
            {"id":"resp_1","object":"response","status":"completed","model":"gpt-5","output":[{"type":"image_generation_call","id":"ig_1","status":"completed","result":"AA"},{"type":"code_interpreter_call","id":"ci_1","status":"completed"},{"type":"web_search_call","status":"completed","action":{"type":"open_page"}},{"type":"message","content":[{"type":"output_text","text":"x"}]}],"usage":{"input_tokens":36,"output_tokens":87,"total_tokens":123}}\
            """,
            "36 0 0 0 0 87 0 0",
            "{code_interpreter=1, image_generation=1}"),
        // docs.mistral.ai/agents/connectors/websearch; ConversationUsageInfo
        of(
            "Mistral's conversations with a connector",
            """
            {"object":"conversation.response","conversation_id":"conv_1","outputs":[{"type":"message.output","content":"x"}],"usage":{"prompt_tokens":188,"completion_tokens":55,"total_tokens":7355,"connector_tokens":7112,"connectors":{"web_search":1}}}\
            """,
            "7300 0 0 0 0 55 0 0",
            "{web_search=1}"),
        // docs.mistral.ai/studio-api/conversations/advanced/prompt-caching
        of(
            "Mistral with a cache",
            chat(
                "\"prompt_tokens\":16,\"completion_tokens\":34,\"total_tokens\":50,"
                    + "\"num_cached_tokens\":8"),
            "8 8 0 0 0 34 0 0",
            ""),
        // alibabacloud.com/help/en/model-studio, DashScope API reference
        of(
            "DashScope with a search",
            """
            {"request_id":"r","output":{"choices":[{"finish_reason":"stop","message":{"content":"x"}}]},"usage":{"input_tokens":22,"output_tokens":17,"total_tokens":39,"plugins":{"search":{"count":2}}}}\
            """,
            "22 0 0 0 0 17 0 0",
            "{web_search=2}"),
        // docs.cohere.com/reference/embed, meta.billed_units
        of(
            "Cohere's embedding of an image",
            """
            {"id":"e","embeddings":{"float":[[0.1]]},"meta":{"billed_units":{"images":1,"image_tokens":1000}},"response_type":"embeddings_by_type"}\
            """,
            "0 0 0 0 0 0 0 0",
            "{image_tokens=1000, images=1}"),
        // cloud.google.com/vertex-ai, EmbedContentResponse.UsageMetadata
        of(
            "Gemini's embedding",
            """
            {"embedding":{"values":[0.1]},"usageMetadata":{"promptTokenCount":6,"promptTokenDetails":[{"modality":"TEXT","tokenCount":6}]}}\
            """,
            "6 0 0 0 0 0 0 0",
            ""));
  }

  private static Stream<Documented> clouds() {
    return Stream.of(
        of(
            "Bedrock Converse",
            """
            {"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"end_turn","usage":{"inputTokens":10,"outputTokens":5,"totalTokens":75,"cacheReadInputTokens":20,"cacheWriteInputTokens":40,"cacheDetails":[{"ttl":"5m","inputTokens":15},{"ttl":"1h","inputTokens":25}]},"metrics":{"latencyMs":1}}\
            """,
            "10 20 15 25 0 5 0 0",
            ""),
        of(
            "OpenRouter with a search",
            chat(
                "\"prompt_tokens\":194,\"completion_tokens\":2,\"total_tokens\":196,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":50,\"cache_write_tokens\":100,"
                    + "\"audio_tokens\":0,\"video_tokens\":0},\"completion_tokens_details\":{"
                    + "\"reasoning_tokens\":0},\"cost\":0.95,\"is_byok\":false,\"cost_details\":{"
                    + "\"upstream_inference_cost\":null},"
                    + "\"server_tool_use\":{\"web_search_requests\":1}"),
            "44 50 100 0 0 2 0 0",
            "{web_search=1}"),
        of(
            "Perplexity",
            chat(
                "\"prompt_tokens\":14,\"completion_tokens\":70,\"total_tokens\":84,"
                    + "\"search_context_size\":\"low\",\"cost\":{\"input_tokens_cost\":0.0,"
                    + "\"output_tokens_cost\":0.0,\"request_cost\":0.005,\"total_cost\":0.005}"),
            "14 0 0 0 0 70 0 0",
            ""),
        of(
            "Perplexity's deep research, whose reasoning is billed apart",
            chat(
                "\"prompt_tokens\":33,\"completion_tokens\":7163,\"total_tokens\":7196,"
                    + "\"citation_tokens\":20016,\"num_search_queries\":18,"
                    + "\"reasoning_tokens\":73997,\"cost\":{\"total_cost\":0.8}"),
            "33 0 0 0 0 7163 0 0",
            "{citation_tokens=20016, reasoning_tokens=73997, search_queries=18}"),
        of(
            "DashScope",
            """
            {"request_id":"r","output":{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"x"}}]},"usage":{"input_tokens":22,"output_tokens":17,"total_tokens":39,"prompt_tokens_details":{"cached_tokens":10},"output_tokens_details":{"reasoning_tokens":3,"text_tokens":14}}}\
            """,
            "12 10 0 0 0 14 3 0",
            ""));
  }

  private static Stream<Documented> others() {
    return Stream.of(
        of(
            "xAI, whose reasoning stands beside",
            chat(
                "\"prompt_tokens\":32,\"completion_tokens\":9,\"total_tokens\":135,"
                    + "\"prompt_tokens_details\":{\"text_tokens\":32,\"audio_tokens\":0,"
                    + "\"image_tokens\":0,\"cached_tokens\":6},\"completion_tokens_details\":{"
                    + "\"reasoning_tokens\":94,\"audio_tokens\":0},\"num_sources_used\":0"),
            "26 6 0 0 0 9 94 0",
            ""),
        of(
            "DeepSeek",
            chat(
                "\"prompt_tokens\":102,\"completion_tokens\":25,\"total_tokens\":127,"
                    + "\"prompt_cache_hit_tokens\":64,\"prompt_cache_miss_tokens\":38,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":64},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":11}"),
            "38 64 0 0 0 14 11 0",
            ""),
        of(
            "Cohere",
            """
            {"id":"c","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"x"}]},"usage":{"billed_units":{"input_tokens":5,"output_tokens":418},"tokens":{"input_tokens":71,"output_tokens":418},"cached_tokens":0}}\
            """,
            "5 0 0 0 0 418 0 0",
            ""),
        of(
            "Moonshot",
            chat(
                "\"prompt_tokens\":19,\"completion_tokens\":21,\"total_tokens\":40,"
                    + "\"cached_tokens\":10"),
            "9 10 0 0 0 21 0 0",
            ""));
  }

  private static Stream<Documented> embeddingsAndLocal() {
    return Stream.of(
        of(
            "Voyage",
            """
            {"object":"list","data":[{"object":"embedding","embedding":[0.1],"index":0}],"model":"voyage-3","usage":{"total_tokens":10}}\
            """,
            "10 0 0 0 0 0 0 0",
            ""),
        of(
            "Jina",
            """
            {"object":"list","data":[{"object":"embedding","embedding":[0.1],"index":0}],"model":"jina-embeddings-v3","usage":{"total_tokens":10,"prompt_tokens":10}}\
            """,
            "10 0 0 0 0 0 0 0",
            ""),
        of(
            "Ollama",
            """
            {"model":"llama3.2","created_at":"2026-08-04T19:22:45.499127Z","message":{"role":"assistant","content":"x"},"done":true,"done_reason":"stop","total_duration":1,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":1,"eval_count":259,"eval_duration":1}\
            """,
            "26 0 0 0 0 259 0 0",
            ""),
        of(
            "llama.cpp",
            """
            {"content":"x","model":"m","stop":true,"stop_type":"eos","tokens_evaluated":30,"tokens_predicted":12,"truncated":false,"timings":{"cache_n":20,"prompt_n":10,"predicted_n":12}}\
            """,
            "10 20 0 0 0 12 0 0",
            ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void isReadAsItIsMeant(Documented shape) {
    ReadAnswer read = UsageReader.create().read(shape.answer());

    ModelAnswer answer = read.answer();
    assertThat(answer.tokens()).as("%s", read).isNotNull();
    assertThat(
            List.of(
                answer.tokens().uncachedInput(),
                answer.tokens().cacheRead(),
                answer.tokens().cacheWrite5m(),
                answer.tokens().cacheWrite1h(),
                answer.tokens().audioInput(),
                answer.tokens().textOutput(),
                answer.tokens().reasoning(),
                answer.tokens().audioOutput()))
        .isEqualTo(shape.parts());
    String tier = answer.serviceTier() == null ? "" : answer.serviceTier();
    String extras = answer.extras().isEmpty() ? "" : answer.extras().toString();
    assertThat((tier + " " + extras).strip()).isEqualTo(shape.more());
    assertThat(read.unread()).isEmpty();
    assertThat(answer.source()).isEqualTo(TokenSource.REPORTED);
  }
}
