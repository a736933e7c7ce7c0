package io.llmaccounting.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageTotals;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From what a provider answers to what a report says it cost, with the prices of its day. */
@DisplayName("reading K1 to K14: from the answer to the report")
class PricedAnswersTest {
  private static final Instant DAY = Instant.parse("2026-11-20T12:00:00Z");
  private static final String UNPRICED = "unpriced";
  private static final String NO_CALL = "missing";

  /** An answer, and what a report says of it: dollars with {@code >=} where it is a lower bound. */
  private record Case(
      String name, String provider, String model, String answer, String report, Instant at) {
    Case at(String instant) {
      return new Case(name, provider, model, answer, report, Instant.parse(instant));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, String at, String answer, String report) {
    String[] who = at.split(" ", 2);
    return new Case(name, who[0], who[1], answer, report, DAY);
  }

  private static String chat(String usage) {
    return """
    {"object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"index":0,\
    "finish_reason":"stop","message":{"content":"x"}}],"usage":{%s}}\
    """
        .formatted(usage);
  }

  private static String chatOf(String model, String usage) {
    return chat(usage).replace("gpt-4o-2024-08-06", model);
  }

  private static String message(String model, String usage) {
    return """
    {"type":"message","id":"msg_1","model":"%s","stop_reason":"end_turn","usage":{%s}}\
    """
        .formatted(model, usage);
  }

  private static String gemini(String usage, String more) {
    return """
    {"candidates":[{"finishReason":"STOP"%s}],"usageMetadata":{%s}}\
    """
        .formatted(more, usage);
  }

  static Stream<Case> cases() {
    return Stream.of(
            dialects(),
            contradictions(),
            parts(),
            modifiers(),
            hours(),
            extras(),
            sellers(),
            places())
        .flatMap(some -> some);
  }

  private static Stream<Case> dialects() {
    return Stream.of(
        of(
            "K1: zeros in the other spelling",
            "openai gpt-4o",
            chat(
                "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050,"
                    + "\"input_tokens\":0,\"output_tokens\":0"),
            "0.003"),
        of(
            "K1: Anthropic's names for what was cached",
            "openai gpt-4o",
            chat(
                "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050,"
                    + "\"cache_read_input_tokens\":900,\"cache_creation_input_tokens\":0"),
            "0.001875"),
        of(
            "K2: Gemini Live",
            "gcp.gemini gemini-2.5-flash",
            "{\"usageMetadata\":{\"promptTokenCount\":1200,\"responseTokenCount\":300,"
                + "\"totalTokenCount\":1500}}",
            "0.00111"),
        of(
            "K2: Gemini in snake case",
            "gcp.gemini gemini-2.5-flash",
            "{\"candidates\":[{\"finish_reason\":\"STOP\"}],\"usage_metadata\":{"
                + "\"prompt_token_count\":1200,\"candidates_token_count\":300,"
                + "\"total_token_count\":1500}}",
            "0.00111"),
        of(
            "K2: transcriptions in tokens",
            "openai gpt-4o-transcribe",
            "{\"text\":\"Hi\",\"usage\":{\"type\":\"tokens\",\"input_tokens\":14,"
                + "\"input_token_details\":{\"text_tokens\":0,\"audio_tokens\":14},"
                + "\"output_tokens\":45,\"total_tokens\":59}}",
            "0.000534"),
        of(
            "K2: cache writes in a chat completion",
            "anthropic claude-opus-5",
            chatOf(
                "claude-opus-5",
                "\"prompt_tokens\":1000,\"completion_tokens\":100,\"total_tokens\":1100,"
                    + "\"prompt_tokens_details\":{\"cache_creation_tokens\":400}"),
            "0.008"));
  }

  private static Stream<Case> contradictions() {
    return Stream.of(
        of(
            "K2: parts below a total are a lower bound",
            "openai gpt-4o",
            chat("\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":2000"),
            "0.003"),
        of(
            "K2: parts above a total are not priced",
            "openai gpt-4o",
            chat("\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":20"),
            NO_CALL),
        of(
            "K3: input told later replaces input told before",
            "anthropic claude-opus-4-6",
            """
            data: {"type":"message_start","message":{"id":"msg_1","model":"claude-opus-4-6","usage":{"input_tokens":5000}}}

            data: {"type":"message_delta","usage":{"input_tokens":200,"output_tokens":40,"cache_read_input_tokens":4800}}

            data: {"type":"message_stop"}

            """,
            "0.0044"));
  }

  private static Stream<Case> parts() {
    return Stream.of(
        of(
            "K4: a compaction",
            "anthropic claude-opus-4-6",
            message(
                "claude-opus-4-6",
                "\"input_tokens\":20000,\"output_tokens\":800,\"iterations\":[{\"type\":"
                    + "\"compaction\",\"input_tokens\":150000,\"output_tokens\":3000},{\"type\":"
                    + "\"message\",\"input_tokens\":20000,\"output_tokens\":800}]"),
            "0.945"),
        of(
            "K4: an advisor of another model",
            "anthropic claude-sonnet-4-6",
            message(
                "claude-sonnet-4-6",
                "\"input_tokens\":2000,\"output_tokens\":500,\"iterations\":[{\"type\":"
                    + "\"message\",\"input_tokens\":2000,\"output_tokens\":500},{\"type\":"
                    + "\"advisor_message\",\"model\":\"claude-opus-4-6\",\"input_tokens\":5000,"
                    + "\"output_tokens\":1000}]"),
            "0.0635"));
  }

  private static Stream<Case> modifiers() {
    String figures = "\"input_tokens\":100000,\"output_tokens\":1000";
    String chat = "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050";
    return Stream.of(
        of(
            "K5: fast answers of opus",
            "anthropic claude-opus-5",
            message("claude-opus-5", figures + ",\"speed\":\"fast\""),
            "1.05"),
        of(
            "K5: inference in one country",
            "anthropic claude-opus-5",
            message("claude-opus-5", figures + ",\"inference_geo\":\"us\""),
            "0.5775"),
        of(
            "K5: a speed that nobody knows",
            "anthropic claude-opus-5",
            message("claude-opus-5", figures + ",\"speed\":\"warp\""),
            ">=0.525"),
        of(
            "K5: a line of a batch of OpenAI's",
            "openai gpt-4o",
            "{\"id\":\"batch_req_1\",\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":"
                + chat(chat)
                + "},\"error\":null}",
            "0.0015"),
        of(
            "K5: a line of a batch of Anthropic's",
            "anthropic claude-opus-5",
            "{\"custom_id\":\"a\",\"result\":{\"type\":\"succeeded\",\"message\":"
                + message("claude-opus-5", figures)
                + "}}",
            "0.2625"),
        of(
            "K5: a batch as a whole",
            "openai gpt-4o",
            "{\"id\":\"batch_1\",\"object\":\"batch\",\"status\":\"completed\",\"model\":\"gpt-4o\","
                + "\"usage\":{\"input_tokens\":1000,\"output_tokens\":50,\"total_tokens\":1050}}",
            "0.0015"),
        of(
            "K5: provisioned throughput is paid for",
            "gcp.vertex_ai gemini-2.5-pro",
            gemini(
                "\"promptTokenCount\":1000,\"candidatesTokenCount\":100,\"totalTokenCount\":1100,"
                    + "\"trafficType\":\"PROVISIONED_THROUGHPUT\"",
                ""),
            "0"),
        of(
            "K6: an hour's cache write on Vertex",
            "gcp.vertex_ai claude-sonnet-4-6",
            message(
                "claude-sonnet-4-6",
                "\"input_tokens\":0,\"output_tokens\":0,\"cache_creation_input_tokens\":1000000,"
                    + "\"cache_creation\":{\"ephemeral_1h_input_tokens\":1000000}"),
            "6"));
  }

  private static Stream<Case> hours() {
    Case call =
        of(
            "K8: hours that are dearer, of a working day in Beijing",
            "deepseek deepseek-v4-pro",
            chatOf("deepseek-v4-pro", "\"prompt_tokens\":1000000,\"completion_tokens\":1000000"),
            "5.28");
    Case saturday =
        of("K8: the same hours of a Saturday", "deepseek deepseek-v4-pro", call.answer(), "2.64");
    return Stream.of(call.at("2026-11-20T02:00:00Z"), saturday.at("2026-11-21T02:00:00Z"));
  }

  private static Stream<Case> extras() {
    String figures = "\"prompt_tokens\":1000,\"completion_tokens\":100,\"total_tokens\":1100";
    return Stream.of(
        of(
            "K9: a transcription by its length",
            "openai whisper-1",
            "{\"text\":\"Hi\",\"usage\":{\"type\":\"duration\",\"seconds\":27}}",
            "0.0027"),
        of(
            "K9: pages that were read",
            "mistral_ai mistral-ocr-latest",
            "{\"pages\":[{\"markdown\":\"x\"}],\"usage_info\":{\"pages_processed\":29}}",
            "0.116"),
        of(
            "K9: tools of xAI's",
            "x_ai grok-4",
            chatOf(
                "grok-4",
                figures
                    + ",\"server_side_tool_usage_details\":{\"web_search_calls\":2,"
                    + "\"x_search_calls\":1,\"file_search_calls\":2,\"mcp_calls\":0}"),
            "0.0245"),
        of(
            "K9: searches without a price",
            "gcp.gemini gemini-2.5-flash",
            gemini(
                "\"promptTokenCount\":1200,\"candidatesTokenCount\":300,\"totalTokenCount\":1500",
                ",\"groundingMetadata\":{\"webSearchQueries\":[\"a\",\"b\",\"a\",\"\"]}"),
            ">=0.00111"),
        of(
            "K9: searches with a price",
            "anthropic claude-opus-5",
            message(
                "claude-opus-5",
                "\"input_tokens\":1000,\"output_tokens\":100,"
                    + "\"server_tool_use\":{\"web_search_requests\":2}"),
            "0.0275"));
  }

  private static Stream<Case> sellers() {
    String figures = "\"prompt_tokens\":1000,\"completion_tokens\":100,\"total_tokens\":1100,";
    return Stream.of(
        of(
            "K10: OpenRouter",
            "openrouter openai/gpt-4o",
            chat(figures + "\"cost\":0.00042,\"is_byok\":false"),
            "0.00042"),
        of(
            "K10: OpenRouter with a key of one's own",
            "openrouter openai/gpt-4o",
            chat(
                figures
                    + "\"cost\":0.01,\"is_byok\":true,"
                    + "\"cost_details\":{\"upstream_inference_cost\":0.19}"),
            "0.2"),
        of(
            "K10: Perplexity",
            "perplexity sonar",
            chatOf("sonar", figures + "\"cost\":{\"total_cost\":0.006}"),
            "0.006"),
        of(
            "K10: xAI",
            "x_ai grok-4",
            chatOf("grok-4", figures + "\"cost_in_usd_ticks\":37756000"),
            "0.0037756"),
        of(
            "K7: a model of the maker's name on a machine of one's own",
            "ollama deepseek-r1:8b",
            "{\"model\":\"deepseek-r1:8b\",\"created_at\":\"2026-11-20T12:00:00Z\",\"done\":true,"
                + "\"done_reason\":\"stop\",\"prompt_eval_count\":4,\"eval_count\":2}",
            UNPRICED),
        of(
            "K13: a name that a framework gives",
            "azure-openai gpt-4o",
            chat("\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050"),
            "0.003"));
  }

  private static Stream<Case> places() {
    String figures = "\"prompt_tokens\":1000,\"completion_tokens\":50,\"total_tokens\":1050";
    return Stream.of(
        of(
            "K11: usage of a choice",
            "openai gpt-4o",
            "{\"object\":\"chat.completion\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,"
                + "\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"},\"usage\":{"
                + figures
                + "}}]}",
            "0.003"),
        of(
            "K14: cached audio has no price of its own here",
            "openai gpt-4o",
            chat(
                "\"prompt_tokens\":1459,\"completion_tokens\":1,\"total_tokens\":1460,"
                    + "\"prompt_tokens_details\":{\"text_tokens\":1349,\"audio_tokens\":110,"
                    + "\"cached_tokens\":1408,\"cached_tokens_details\":{\"text_tokens\":1344,"
                    + "\"audio_tokens\":64}}"),
            ">=0.0018975"));
  }

  private static UsageTotals reported(Case given, ReportedCostPolicy policy) {
    ManualClock clock = ManualClock.at(given.at());
    try (LlmAccounting accounting =
        LlmAccounting.builder(InMemoryBackend.create(clock))
            .clock(clock)
            .pricing(PriceCatalog.bundled())
            .reportedCosts(policy)
            .build()) {
      accounting
          .track()
          .provider(given.provider())
          .model(given.model())
          .answer(UsageReader.create().read(given.answer()).answer())
          .record();
      return accounting.report(TimeRange.always()).run().total();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aReportSaysWhatAnAnswerCosts(Case given) {
    UsageTotals total = reported(given, ReportedCostPolicy.PREFER_REPORTED);

    String told =
        total.missing() == 1
            ? NO_CALL
            : total.unpriced() == 1
                ? UNPRICED
                : (total.lowerBound() == 1 ? ">=" : "") + total.cost();
    String expected =
        given.report().matches("(>=)?\\d.*")
            ? given.report().replaceFirst("\\d.*", "") + Cost.usd(given.report().replace(">=", ""))
            : given.report();
    assertThat(told).isEqualTo(expected);
  }

  @Test
  @DisplayName("reading K10: a policy says which cost counts, and a report tells the difference")
  void aReportTellsTheDifference() {
    Case xai = cases().filter(given -> given.name().equals("K10: xAI")).findFirst().orElseThrow();

    UsageTotals reported = reported(xai, ReportedCostPolicy.PREFER_REPORTED);
    UsageTotals computed = reported(xai, ReportedCostPolicy.PREFER_COMPUTED);

    assertThat(reported.cost()).isEqualTo(Cost.usd("0.0037756"));
    assertThat(computed.cost()).isEqualTo(Cost.usd("0.0045"));
    assertThat(reported.reportedCost()).isEqualTo(new UsageTotals.Sum(1, 3_775_600));
    assertThat(reported.costDifference()).isEqualTo(new UsageTotals.Sum(1, -724_400));
    assertThat(computed.costDifference()).isEqualTo(reported.costDifference());
  }
}
