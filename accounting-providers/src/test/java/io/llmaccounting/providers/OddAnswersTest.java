package io.llmaccounting.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as gateways, SDKs and less known interfaces really write them. */
class OddAnswersTest {
  private static final String CHAT =
      "{\"object\":\"chat.completion\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,"
          + "\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}],\"usage\":{%s}}";

  private final UsageReader reader = UsageReader.create();

  @ParameterizedTest
  @DisplayName("reading K1: what the answer calls itself decides, not names inside its usage")
  @ValueSource(
      strings = {
        "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050,"
            + "\"input_tokens\":0,\"output_tokens\":0",
        "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050,"
            + "\"input_tokens\":1000,\"output_tokens\":50",
        "\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":1050,"
            + "\"input_tokens\":1000,\"output_tokens\":50"
      })
  void readsChatWithBothSpellings(String usage) {
    ReadAnswer read = reader.read(CHAT.formatted(usage));

    assertThat(read.shape()).isEqualTo(Shape.OPENAI_CHAT);
    assertThat(reported(read)).isEqualTo(new TokenUsage(1000, 0, 0, 0, 0, 50, 0, 0, 1050L));
    assertThat(read.unread()).isEmpty();
  }

  @Test
  @DisplayName("reading K1: Anthropic's names for cached tokens in a chat completion")
  void readsCacheOfAnthropicInsideChat() {
    ReadAnswer read =
        reader.read(
            CHAT.formatted(
                "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050,"
                    + "\"cache_read_input_tokens\":900,\"cache_creation_input_tokens\":0"));

    assertThat(read.shape()).isEqualTo(Shape.OPENAI_CHAT);
    assertThat(read.answer().provider()).isNull();
    assertThat(reported(read)).isEqualTo(new TokenUsage(100, 900, 0, 0, 0, 50, 0, 0, 1050L));
  }

  @Test
  @DisplayName("reading K1: the total tells that cached tokens stand beside the prompt")
  void readsCacheBesideThePromptWhereTheTotalSaysSo() {
    ReadAnswer read =
        reader.read(
            CHAT.formatted(
                "\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":1050,"
                    + "\"cache_read_input_tokens\":900"));

    assertThat(reported(read)).isEqualTo(new TokenUsage(100, 900, 0, 0, 0, 50, 0, 0, 1050L));
  }

  @ParameterizedTest
  @DisplayName("reading K1: usage of an SDK is not Bedrock's")
  @ValueSource(
      strings = {
        "{\"finishReason\":\"stop\",\"text\":\"x\",\"usage\":{\"inputTokens\":1000,"
            + "\"outputTokens\":50,\"totalTokens\":1050,\"cachedInputTokens\":900}}",
        "{\"usage\":{\"inputTokens\":{\"total\":1000,\"noCache\":100,\"cacheRead\":900},"
            + "\"outputTokens\":{\"total\":50,\"text\":50},\"totalTokens\":1050}}",
        "{\"usage\":{\"inputTokens\":1000,\"inputTokenDetails\":{\"noCacheTokens\":100,"
            + "\"cacheReadTokens\":900},\"outputTokens\":50,\"totalTokens\":1050}}",
        "{\"content\":\"x\",\"usage_metadata\":{\"input_tokens\":1000,\"output_tokens\":50,"
            + "\"total_tokens\":1050,\"input_token_details\":{\"cache_read\":900}}}"
      })
  void readsUsageOfSdks(String answer) {
    ReadAnswer read = reader.read(answer);

    assertThat(read.shape()).isEqualTo(Shape.SDK);
    assertThat(read.answer().provider()).isNull();
    assertThat(reported(read)).isEqualTo(new TokenUsage(100, 900, 0, 0, 0, 50, 0, 0, 1050L));
  }

  @ParameterizedTest
  @DisplayName("reading K2: one count in many spellings")
  @ValueSource(
      strings = {
        // realtime
        "{\"type\":\"response.done\",\"response\":{\"object\":\"realtime.response\",\"status\":"
            + "\"completed\",\"usage\":{\"total_tokens\":1050,\"input_tokens\":1000,"
            + "\"output_tokens\":50,\"input_token_details\":{\"cached_tokens\":900,"
            + "\"text_tokens\":1000}}}}",
        // DashScope
        "{\"request_id\":\"r\",\"output\":{\"choices\":[{\"finish_reason\":\"stop\",\"message\":"
            + "{\"content\":\"x\"}}]},\"usage\":{\"input_tokens\":1000,\"output_tokens\":50,"
            + "\"total_tokens\":1050,\"prompt_tokens_details\":{\"cached_tokens\":900}}}",
        // Gemini's Live API
        "{\"serverContent\":{\"turnComplete\":true},\"usageMetadata\":{\"promptTokenCount\":1000,"
            + "\"cachedContentTokenCount\":900,\"responseTokenCount\":50,"
            + "\"totalTokenCount\":1050}}",
        // Gemini in snake case
        "{\"candidates\":[{\"finish_reason\":\"STOP\"}],\"usage_metadata\":{\"prompt_token_count\":"
            + "1000,\"cached_content_token_count\":900,\"candidates_token_count\":50,"
            + "\"total_token_count\":1050}}",
        // Gemini's Interactions
        "{\"object\":\"interaction\",\"status\":\"completed\",\"usage\":{\"total_input_tokens\":1000,"
            + "\"total_cached_tokens\":900,\"total_output_tokens\":50,\"total_tokens\":1050}}",
        // Nova
        "{\"output\":{\"message\":{\"content\":[{\"text\":\"x\"}]}},\"stopReason\":\"end_turn\","
            + "\"usage\":{\"inputTokens\":100,\"outputTokens\":50,\"totalTokens\":1050,"
            + "\"cacheReadInputTokenCount\":900,\"cacheWriteInputTokenCount\":0}}"
      })
  void readsEverySpelling(String answer) {
    assertThat(reported(reader.read(answer)))
        .isEqualTo(new TokenUsage(100, 900, 0, 0, 0, 50, 0, 0, 1050L));
  }

  @ParameterizedTest
  @DisplayName("reading K2: cache writes in many spellings")
  @ValueSource(
      strings = {
        "\"prompt_tokens_details\":{\"cache_creation_tokens\":300}",
        "\"prompt_tokens_details\":{\"cache_creation_input_tokens\":300}",
        "\"prompt_tokens_details\":{\"cache_write_tokens\":300}",
        "\"cache_creation_input_tokens\":300",
        "\"prompt_tokens_details\":{\"cache_creation_tokens\":300,"
            + "\"cache_creation_token_details\":{\"ephemeral_5m_input_tokens\":300}}"
      })
  void readsCacheWrites(String writes) {
    ReadAnswer read =
        reader.read(
            CHAT.formatted(
                "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050," + writes));

    assertThat(reported(read)).isEqualTo(new TokenUsage(700, 0, 300, 0, 0, 50, 0, 0, 1050L));
    assertThat(read.unread()).isEmpty();
  }

  @Test
  @DisplayName("reading K2: parts below a reported total are a lower bound, never all of it")
  void partsBelowTheTotalAreALowerBound() {
    ModelAnswer answer =
        reader
            .read(
                "{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":"
                    + "{\"promptTokenCount\":1200,\"answerTokenCount\":300,"
                    + "\"totalTokenCount\":1500}}")
            .answer();

    assertThat(answer.source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(answer.rawUsage()).contains("answerTokenCount");
  }

  @Test
  @DisplayName("reading K2: parts above a reported total can not be true")
  void partsAboveTheTotalAreMissing() {
    ModelAnswer answer =
        reader
            .read(
                CHAT.formatted(
                    "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":900"))
            .answer();

    assertThat(answer.source()).isEqualTo(TokenSource.MISSING);
    assertThat(answer.rawUsage()).isNotNull();
  }

  @Test
  @DisplayName("reading K2: keys that look like tokens and are not read keep the raw usage")
  void tellsWhatItDidNotRead() {
    ReadAnswer read =
        reader.read(
            CHAT.formatted(
                "\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,"
                    + "\"moon_tokens\":7,\"star_tokens\":0,\"cost\":{\"input_tokens_cost\":0.1},"
                    + "\"tokens_per_second\":50"));

    assertThat(reported(read).total()).isEqualTo(15);
    assertThat(read.unread()).containsExactly("moon_tokens");
    assertThat(read.answer().rawUsage()).contains("moon_tokens");
  }

  @Test
  @DisplayName("reading K3: input told later replaces all input told before")
  void laterInputReplacesEarlierInput() {
    String stream =
        """
        data: {"type":"message_start","message":{"usage":{"input_tokens":5000,"output_tokens":1}}}

        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":%s}

        data: {"type":"message_stop"}

        """;

    assertThat(
            reported(
                reader.read(
                    stream.formatted(
                        "{\"input_tokens\":200,\"output_tokens\":40,"
                            + "\"cache_read_input_tokens\":4800}"))))
        .isEqualTo(new TokenUsage(200, 4800, 0, 0, 0, 40, 0, 0, null));
    assertThat(reported(reader.read(stream.formatted("{\"input_tokens\":0,\"output_tokens\":40}"))))
        .isEqualTo(TokenUsage.of(5000, 40));
  }

  @Test
  @DisplayName("reading K9: a transcription billed by its length, and pages that were read")
  void readsWhatIsBilledWithoutTokens() {
    ReadAnswer spoken =
        reader.read("{\"text\":\"Hi\",\"usage\":{\"type\":\"duration\",\"seconds\":27}}");
    ReadAnswer pages =
        reader.read(
            "{\"model\":\"mistral-ocr-2505\",\"pages\":[{\"markdown\":\"x\",\"text\":\"x\"}],"
                + "\"usage_info\":{\"pages_processed\":29,\"doc_size_bytes\":null}}");

    assertThat(reported(spoken)).isEqualTo(TokenUsage.NONE);
    assertThat(spoken.answer().extras()).isEqualTo(Map.of("audio_seconds", 27L));
    assertThat(reported(pages)).isEqualTo(TokenUsage.NONE);
    assertThat(pages.answer().extras()).isEqualTo(Map.of("pages", 29L));
  }

  @Test
  @DisplayName("reading K9: tools of xAI's servers")
  void readsToolsOfXai() {
    ReadAnswer read =
        reader.read(
            CHAT.formatted(
                "\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,"
                    + "\"server_side_tool_usage_details\":{\"web_search_calls\":2,"
                    + "\"x_search_calls\":1,\"mcp_calls\":0}"));

    assertThat(read.answer().extras()).isEqualTo(Map.of("web_search", 2L, "x_search", 1L));
  }

  @Test
  @DisplayName("reading K9: empty and repeated searches are not counted")
  void countsEachSearchOnce() {
    ReadAnswer read =
        reader.read(
            "{\"candidates\":[{\"finishReason\":\"STOP\",\"groundingMetadata\":"
                + "{\"webSearchQueries\":[\"a\",\"b\",\"a\",\"\"]}}],\"usageMetadata\":"
                + "{\"promptTokenCount\":1,\"candidatesTokenCount\":1,\"totalTokenCount\":2}}");

    assertThat(read.answer().extras()).isEqualTo(Map.of("web_search_queries", 2L));
  }

  @ParameterizedTest
  @DisplayName("reading K11: usage in other places")
  @ValueSource(
      strings = {
        "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
            + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12}}]}",
        "{\"id\":\"batch_req_1\",\"custom_id\":\"c\",\"response\":{\"status_code\":200,\"body\":"
            + "{\"object\":\"chat.completion\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,"
            + "\"completion_tokens\":5}}}}",
        "{\"custom_id\":\"c\",\"result\":{\"type\":\"succeeded\",\"message\":{\"id\":\"msg_1\","
            + "\"type\":\"message\",\"usage\":{\"input_tokens\":7,\"output_tokens\":5}}}}",
        "{\"success\":true,\"result\":{\"response\":\"x\",\"usage\":{\"prompt_tokens\":7,"
            + "\"completion_tokens\":5,\"total_tokens\":12}}}",
        "{\"final_result\":{\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":"
            + "{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12}}}",
        "{\"outputs\":[{\"text\":\"x\",\"stop_reason\":\"stop\"}],"
            + "\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":7,"
            + "\"outputTokenCount\":5,\"invocationLatency\":9}}",
        "{\"model\":\"llama3.2\",\"created_at\":\"2026-01-01T00:00:00Z\",\"response\":\"x\","
            + "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":7,\"eval_count\":5}",
        "{\"content\":\"x\",\"stop\":true,\"tokens_evaluated\":7,\"tokens_predicted\":5}",
        "{\"generation\":\"x\",\"prompt_token_count\":7,\"generation_token_count\":5,"
            + "\"stop_reason\":\"stop\"}",
        "{\"inputTextTokenCount\":7,\"results\":[{\"tokenCount\":5,\"outputText\":\"x\","
            + "\"completionReason\":\"FINISH\"}]}"
      })
  void findsUsageWhereverItStands(String answer) {
    TokenUsage tokens = reported(reader.read(answer));

    assertThat(tokens.uncachedInput()).isEqualTo(7);
    assertThat(tokens.textOutput()).isEqualTo(5);
    assertThat(tokens.total()).isEqualTo(12);
  }

  @Test
  @DisplayName("reading K11: a prompt that Ollama did not count is unknown, not zero")
  void anAbsentCountIsUnknown() {
    ModelAnswer answer =
        reader
            .read(
                "{\"model\":\"llama3.2\",\"created_at\":\"2026-01-01T00:00:00Z\",\"response\":\"x\","
                    + "\"done\":true,\"done_reason\":\"stop\",\"eval_count\":5}")
            .answer();

    assertThat(answer.source()).isEqualTo(TokenSource.MISSING);
    assertThat(answer.rawUsage()).isEqualTo("{\"eval_count\":5}");
  }

  @Test
  @DisplayName("reading K11: embeddings that tell their total alone")
  void aTotalAloneIsInputOfEmbeddings() {
    ReadAnswer voyage =
        reader.read(
            "{\"object\":\"list\",\"data\":[],\"model\":\"voyage-3\",\"usage\":{\"total_tokens\":10}}");
    ReadAnswer jina =
        reader.read("{\"model\":\"jina-x\",\"usage\":{\"total_tokens\":10},\"results\":[{}]}");

    assertThat(reported(voyage).uncachedInput()).isEqualTo(10);
    assertThat(reported(jina).uncachedInput()).isEqualTo(10);
  }

  @Test
  @DisplayName("reading K14: cached audio lies inside audio and inside cached")
  void dividesCachedAudio() {
    String usage =
        "\"prompt_tokens\":1459,\"completion_tokens\":1,\"prompt_tokens_details\":{\"text_tokens\":"
            + "1349,\"audio_tokens\":110,\"cached_tokens\":1408%s}";

    assertThat(
            reported(
                reader.read(
                    CHAT.formatted(
                        usage.formatted(
                            ",\"cached_tokens_details\":{\"text_tokens\":1344,"
                                + "\"audio_tokens\":64}")))))
        .isEqualTo(new TokenUsage(5, 1408, 0, 0, 46, 1, 0, 0, null));
    ReadAnswer bounded = reader.read(CHAT.formatted(usage.formatted("")));
    assertThat(reported(bounded)).isEqualTo(new TokenUsage(0, 1408, 0, 0, 51, 1, 0, 0, null));
    assertThat(bounded.answer().rawUsage()).contains("1408");
  }

  @ParameterizedTest
  @DisplayName("faults G4: a number from outside never throws")
  @ValueSource(strings = {"1e2147483648", "1e-2147483648", "-0e9999999999", "9e99", "\"NaN\""})
  void numbersFromOutsideNeverThrow(String number) {
    String event =
        CHAT.formatted("\"prompt_tokens\":" + number + ",\"completion_tokens\":5") + "\n";
    AnswerStream stream = reader.stream();

    stream.feed((event + event).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    stream.tokensSoFar();

    assertThat(stream.finish().answer().source()).isEqualTo(TokenSource.MISSING);
    AnswerStream anthropic = reader.stream();
    anthropic.feed(
        ("{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":"
                + number
                + "}}}\n{\"type\":\"message_delta\",\"usage\":{\"output_tokens\":"
                + number
                + "}}\n")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(anthropic.finish().answer().source()).isEqualTo(TokenSource.MISSING);
  }

  private static TokenUsage reported(ReadAnswer read) {
    assertThat(read.answer().source()).as("%s", read).isEqualTo(TokenSource.REPORTED);
    return read.answer().tokens();
  }
}
