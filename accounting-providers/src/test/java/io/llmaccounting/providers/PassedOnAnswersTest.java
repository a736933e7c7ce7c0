package io.llmaccounting.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as logs, batches, gateways and client libraries pass them on. */
@DisplayName("reading K1 to K13: answers that somebody passes on")
class PassedOnAnswersTest {
  private static final String CHAT =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":7,"
          + "\"completion_tokens\":5,\"total_tokens\":12}}";
  private static final String MESSAGE =
      "{\"id\":\"%s\",\"type\":\"message\",\"model\":\"%s\",\"content\":[],\"stop_reason\":\"end_turn\","
          + "\"usage\":{\"input_tokens\":7,\"output_tokens\":5%s}}";
  private static final String GEMINI =
      "{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":7,"
          + "\"candidatesTokenCount\":5,\"totalTokenCount\":12}}";
  private static final String PLAIN = "7 0 0 0 0 5 0 0";

  /**
   * An answer.
   *
   * @param told the provider that the caller named, or a blank
   * @param read source, provider, the eight parts, and what else is told
   */
  private record Passed(String name, String told, String answer, String read) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Passed of(String name, String answer, String read) {
    return new Passed(name, "", answer, read);
  }

  private static String message(String id, String model, String more) {
    return MESSAGE.formatted(id, model, more);
  }

  static Stream<Passed> answers() {
    return Stream.of(logs(), batches(), others(), vercel(), langChain(), spring())
        .flatMap(some -> some);
  }

  /** What merely stands in a wrapper costs the full price. */
  private static Stream<Passed> logs() {
    return Stream.of(
        of(
            "K5: a log of requests and responses is no batch",
            "{\"request\":{},\"response\":{\"status_code\":200,\"body\":" + CHAT + "}}",
            "REPORTED null " + PLAIN),
        of(
            "K5: a log of Gemini is no batch",
            "{\"request\":{},\"response\":" + GEMINI + "}",
            "REPORTED gcp.gemini " + PLAIN),
        of(
            "K5: a log of Anthropic is no batch",
            "{\"result\":{\"message\":" + message("msg_1", "claude-x", "") + "}}",
            "REPORTED anthropic " + PLAIN));
  }

  private static Stream<Passed> batches() {
    return Stream.of(
        // platform.openai.com/docs/guides/batch; docs.mistral.ai, batch processing
        of(
            "K5: a line of a batch of OpenAI or Mistral",
            "{\"id\":\"batch_req_1\",\"custom_id\":\"a\",\"response\":{\"status_code\":200,"
                + "\"body\":"
                + CHAT
                + "},\"error\":null}",
            "REPORTED null " + PLAIN + " batch"),
        // platform.claude.com/docs/en/build-with-claude/batch-processing
        of(
            "K5: a line of a batch of Anthropic",
            "{\"custom_id\":\"a\",\"result\":{\"type\":\"succeeded\",\"message\":"
                + message("msg_1", "claude-x", "")
                + "}}",
            "REPORTED anthropic " + PLAIN + " batch"),
        // ai.google.dev/gemini-api/docs/batch-api
        of(
            "K5: a line of a batch of Gemini",
            "{\"key\":\"request-1\",\"response\":" + GEMINI + "}",
            "REPORTED gcp.gemini " + PLAIN + " batch"),
        // cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini
        of(
            "K5: a line of a batch of Vertex AI",
            "{\"status\":\"\",\"processed_time\":\"2026-11-20T11:09:22.246+00:00\",\"request\":{},"
                + "\"response\":"
                + GEMINI
                + "}",
            "REPORTED gcp.gemini " + PLAIN + " batch"),
        // docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html
        of(
            "K5: a line of a batch of Bedrock",
            "{\"recordId\":\"CALL1\",\"modelInput\":{},\"modelOutput\":"
                + message("msg_bdrk_1", "claude-x", "")
                + "}",
            "REPORTED aws.bedrock " + PLAIN + " batch"));
  }

  private static Stream<Passed> others() {
    return Stream.of(
        // api-docs.deepseek.com/guides/anthropic_api; docs.z.ai, Claude Code
        of(
            "K13: another maker's model in Anthropic's form",
            message("930c60df-bf64-41c9", "deepseek-chat", ",\"cache_read_input_tokens\":64"),
            "REPORTED null 7 64 0 0 0 5 0 0"),
        of(
            "K13: another maker's model under an id like Anthropic's",
            message("msg_2026", "glm-4.6", ""),
            "REPORTED null " + PLAIN),
        // openrouter.ai/docs, usage accounting
        of(
            "K10: a router's cost in Anthropic's form",
            message(
                "gen-1",
                "anthropic/claude-sonnet-4.5",
                ",\"cost\":0.01,\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":null}"),
            "REPORTED openrouter " + PLAIN + " $0.01"),
        of(
            "K10: a router's cost in the form of responses",
            "{\"id\":\"gen-1\",\"object\":\"response\",\"status\":\"completed\",\"model\":"
                + "\"openai/gpt-5\",\"output\":[],\"usage\":{\"input_tokens\":7,\"output_tokens\":5,"
                + "\"total_tokens\":12,\"cost\":0.01,\"is_byok\":true,\"cost_details\":{"
                + "\"upstream_inference_cost\":0.02}}}",
            "REPORTED openrouter " + PLAIN + " $0.03"),
        // docs.x.ai/docs/guides/image-generations
        of(
            "K10: an image of xAI has a cost and no tokens",
            "{\"created\":1763640000,\"data\":[{\"url\":\"u\"}],\"model\":\"grok-2-image\",\"usage\":"
                + "{\"cost_in_usd_ticks\":700000000}}",
            "REPORTED x_ai 0 0 0 0 0 0 0 0 $0.07"),
        // docs.litellm.ai/docs/completion/usage
        of(
            "K5: a gateway passes on place and speed",
            CHAT.replace(
                "\"total_tokens\":12",
                "\"total_tokens\":12,\"inference_geo\":\"us\",\"speed\":\"fast\""),
            "REPORTED null " + PLAIN + " us fast"),
        // github.com/ggml-org/llama.cpp, tools/server/README.md
        of(
            "K7: a local server answers with a maker's name",
            CHAT.replace("{\"id\"", "{\"timings\":{\"cache_n\":6,\"prompt_n\":1},\"id\""),
            "REPORTED llama_cpp " + PLAIN),
        // ollama.com, OpenAI compatibility
        of(
            "K7: Ollama in OpenAI's form",
            CHAT.replace("{\"id\"", "{\"system_fingerprint\":\"fp_ollama\",\"id\""),
            "REPORTED ollama " + PLAIN));
  }

  private static Stream<Passed> vercel() {
    String step = "{\"inputTokens\":%s,\"outputTokens\":5,\"totalTokens\":%s%s}";
    return Stream.of(
        // ai-sdk.dev/docs/reference/ai-sdk-core/generate-text
        of(
            "K1: a loop of calls has the sum of its steps",
            "{\"text\":\"x\",\"finishReason\":\"stop\",\"steps\":[],\"usage\":"
                + step.formatted(3, 8, "")
                + ",\"totalUsage\":"
                + step.formatted(7, 12, "")
                + "}",
            "REPORTED null " + PLAIN),
        // github.com/vercel/ai/issues/8349
        of(
            "K1: Anthropic's input excludes the cache, and its writes are not told",
            "{\"finishReason\":\"stop\",\"usage\":"
                + step.formatted(7, 12, ",\"cachedInputTokens\":4")
                + ",\"providerMetadata\":{\"anthropic\":{\"cacheCreationInputTokens\":0}}}",
            "PARTIAL anthropic 7 4 0 0 0 5 0 0"),
        new Passed(
            "K1: the same, where the caller names the provider",
            "aws.bedrock",
            "{\"finishReason\":\"stop\",\"usage\":"
                + step.formatted(7, 12, ",\"cachedInputTokens\":40")
                + "}",
            "PARTIAL aws.bedrock 7 40 0 0 0 5 0 0"),
        new Passed(
            "K1: its sixth version includes the cache for everybody",
            "anthropic",
            "{\"finishReason\":\"stop\",\"usage\":"
                + step.formatted(
                    7,
                    12,
                    ",\"cachedInputTokens\":4,\"inputTokenDetails\":{\"noCacheTokens\":2,"
                        + "\"cacheReadTokens\":4,\"cacheWriteTokens\":1},\"raw\":{\"input_tokens\":2}")
                + "}",
            "REPORTED anthropic 2 4 1 0 0 5 0 0"));
  }

  private static Stream<Passed> langChain() {
    return Stream.of(
        // python.langchain.com, langchain_core.messages.ai.InputTokenDetails
        of(
            "K2: writes by their lifetime",
            "{\"type\":\"ai\",\"usage_metadata\":{\"input_tokens\":7,\"output_tokens\":5,"
                + "\"total_tokens\":12,\"input_token_details\":{\"cache_read\":1,\"cache_creation\":0,"
                + "\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":3}}}",
            "REPORTED null 3 1 0 3 0 5 0 0"),
        of(
            "K11: a message that was serialised",
            "{\"lc\":1,\"type\":\"constructor\",\"id\":[\"langchain\"],\"kwargs\":{\"content\":\"x\","
                + "\"usage_metadata\":{\"input_tokens\":7,\"output_tokens\":5,\"total_tokens\":12}}}",
            "REPORTED null " + PLAIN),
        of(
            "K11: the result of a run",
            "{\"generations\":[],\"llm_output\":{\"token_usage\":{\"prompt_tokens\":7,"
                + "\"completion_tokens\":5,\"total_tokens\":12},\"model_name\":\"m\"}}",
            "REPORTED null " + PLAIN),
        // docs.langchain4j.dev, dev.langchain4j.model.openai.OpenAiTokenUsage
        of(
            "K2: LangChain4j with OpenAI",
            "{\"metadata\":{\"id\":\"c\",\"modelName\":\"m\",\"tokenUsage\":{\"inputTokenCount\":7,"
                + "\"inputTokensDetails\":{\"cachedTokens\":4},\"outputTokenCount\":5,"
                + "\"outputTokensDetails\":{\"reasoningTokens\":2},\"totalTokenCount\":12}}}",
            "REPORTED null 3 4 0 0 0 3 2 0"),
        // docs.langchain4j.dev, dev.langchain4j.model.anthropic.AnthropicTokenUsage
        of(
            "K2: LangChain4j with Anthropic",
            "{\"modelName\":\"m\",\"tokenUsage\":{\"inputTokenCount\":7,\"outputTokenCount\":5,"
                + "\"totalTokenCount\":12,\"cacheCreationInputTokens\":3,"
                + "\"cacheReadInputTokens\":40}}",
            "REPORTED null 7 40 3 0 0 5 0 0"));
  }

  private static Stream<Passed> spring() {
    String metadata =
        "{\"metadata\":{\"id\":\"c\",\"model\":\"m\",\"usage\":{\"promptTokens\":7,"
            + "\"completionTokens\":5,\"totalTokens\":12,\"nativeUsage\":%s}}}";
    // docs.spring.io/spring-ai/reference/api/usage-handling.html
    return Stream.of(
        of(
            "K1: Spring AI is not Bedrock",
            metadata.formatted(
                "{\"prompt_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":4}}"),
            "REPORTED null 3 4 0 0 0 5 0 0"),
        of(
            "K1: Spring AI with Anthropic",
            metadata.formatted("{\"input_tokens\":7,\"cache_read_input_tokens\":40}"),
            "REPORTED null 7 40 0 0 0 5 0 0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void isReadAsItIsMeant(Passed passed) {
    UsageReader reader = UsageReader.create();
    ReadAnswer read =
        (passed.told().isEmpty() ? reader : reader.provider(passed.told())).read(passed.answer());

    assertThat(words(read.answer())).as("%s", read).isEqualTo(passed.read());
    assertThat(read.unread()).isEmpty();
  }

  private static String words(ModelAnswer answer) {
    TokenUsage tokens = answer.tokens();
    assertThat(tokens).as("%s", answer).isNotNull();
    return "%s %s %d %d %d %d %d %d %d %d%s%s%s%s"
        .formatted(
            answer.source(),
            answer.provider(),
            tokens.uncachedInput(),
            tokens.cacheRead(),
            tokens.cacheWrite5m(),
            tokens.cacheWrite1h(),
            tokens.audioInput(),
            tokens.textOutput(),
            tokens.reasoning(),
            tokens.audioOutput(),
            Boolean.TRUE.equals(answer.batch()) ? " batch" : "",
            answer.region() == null ? "" : " " + answer.region(),
            answer.speed() == null ? "" : " " + answer.speed(),
            answer.reportedCost() == null ? "" : " " + answer.reportedCost());
  }

  @Test
  @DisplayName("reading K2: what looks like tokens and no total confirms leaves a lower bound")
  void unreadTokensWithoutATotalAreALowerBound() {
    ModelAnswer beside =
        UsageReader.create().read(message("msg_1", "claude-x", ",\"new_tokens\":9")).answer();
    ModelAnswer detail =
        UsageReader.create()
            .read(message("msg_1", "claude-x", ",\"output_tokens_details\":{\"new_tokens\":2}"))
            .answer();

    assertThat(words(beside)).isEqualTo("PARTIAL anthropic " + PLAIN);
    assertThat(words(detail)).isEqualTo("REPORTED anthropic " + PLAIN);
    assertThat(detail.unread()).containsExactly("output_tokens_details.new_tokens");
  }

  @Test
  @DisplayName("reading K11: events without an empty line between them are events")
  void eventsMayFollowOneAnotherWithoutAnEmptyLine() {
    String piece = CHAT.replace("chat.completion", "chat.completion.chunk");
    ReadAnswer read =
        UsageReader.create().read("data: " + piece + "\r\ndata: " + piece + "\r\ndata: [DONE]\r\n");

    assertThat(words(read.answer())).isEqualTo("REPORTED null " + PLAIN);
  }

  @Test
  @DisplayName("reading K11: usage of each choice does not say whether they share their input")
  void usageOfSeveralChoicesIsNotUnderstood() {
    String choice =
        "{\"index\":%d,\"finish_reason\":\"stop\",\"usage\":{\"prompt_tokens\":7,"
            + "\"completion_tokens\":5,\"total_tokens\":12}}";
    ModelAnswer answer =
        UsageReader.create()
            .read(
                "{\"object\":\"chat.completion\",\"choices\":[%s,%s]}"
                    .formatted(choice.formatted(0), choice.formatted(1)))
            .answer();

    assertThat(answer.source()).isEqualTo(TokenSource.MISSING);
    assertThat(answer.rawUsage()).isNotNull();
  }

  @ParameterizedTest
  @DisplayName("reading K4: the figures of several answers are not those of one")
  @ValueSource(
      strings = {"%1$s\n%2$s", "[%1$s,%2$s]", "data: %3$s\n\ndata: [DONE]\n\ndata: %4$s\n\n"})
  void severalAnswersAreNotOne(String form) {
    String piece = CHAT.replace("chat.completion", "chat.completion.chunk");
    String other = CHAT.replace("chatcmpl-1", "chatcmpl-2");
    String answers = form.formatted(CHAT, other, piece, piece.replace("chatcmpl-1", "chatcmpl-2"));
    UsageReader reader = UsageReader.create();

    assertThatExceptionOfType(UnreadableAnswerException.class)
        .isThrownBy(() -> reader.read(answers))
        .withMessageContaining("several answers");
    AnswerStream stream = reader.stream();
    stream.feed(answers.getBytes(StandardCharsets.UTF_8));
    assertThat(stream.finish().answer().source()).isEqualTo(TokenSource.MISSING);
  }
}
