package io.llmaccounting.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer tells of its price: inferences beside it, tiers, batches, reported costs. */
class BilledAnswersTest {
  private static final String CHAT =
      "{\"object\":\"chat.completion\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,"
          + "\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}],\"usage\":{%s}}";

  private final UsageReader reader = UsageReader.create();

  @Test
  @DisplayName("reading K4: a compaction is an inference of its own")
  void addsACompaction() {
    ReadAnswer read =
        reader.read(
            "{\"type\":\"message\",\"model\":\"claude-opus-4-6\",\"usage\":{\"input_tokens\":20000,"
                + "\"output_tokens\":800,\"iterations\":[{\"type\":\"compaction\",\"input_tokens\":"
                + "150000,\"output_tokens\":3000},{\"type\":\"message\",\"input_tokens\":20000,"
                + "\"output_tokens\":800}]}}");

    assertThat(reported(read)).isEqualTo(TokenUsage.of(170_000, 3_800));
    assertThat(read.answer().parts())
        .containsExactly(CallPart.of("compaction", null, TokenUsage.of(150_000, 3_000)));
  }

  @Test
  @DisplayName("reading K4: an advisor has a model of its own; an attempt in vain is not added")
  void addsAnAdvisor() {
    ReadAnswer read =
        reader.read(
            "{\"type\":\"message\",\"model\":\"claude-sonnet-4-6\",\"usage\":{\"input_tokens\":2000,"
                + "\"output_tokens\":500,\"iterations\":[{\"type\":\"message\",\"input_tokens\":9,"
                + "\"output_tokens\":0},{\"type\":\"advisor_message\",\"model\":"
                + "\"claude-opus-4-6\",\"input_tokens\":5000,\"output_tokens\":1000}]}}");

    assertThat(reported(read)).isEqualTo(TokenUsage.of(7_000, 1_500));
    assertThat(read.answer().parts())
        .containsExactly(CallPart.of("advisor", "claude-opus-4-6", TokenUsage.of(5_000, 1_000)));
  }

  @Test
  @DisplayName("reading K5: what changes the price")
  void readsWhatChangesThePrice() {
    ModelAnswer anthropic =
        reader
            .read(
                "{\"type\":\"message\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1,"
                    + "\"speed\":\"fast\",\"inference_geo\":\"us\",\"service_tier\":\"standard\"}}")
            .answer();
    ModelAnswer vertex =
        reader
            .read(
                "{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":"
                    + "{\"promptTokenCount\":1,\"candidatesTokenCount\":1,\"totalTokenCount\":2,"
                    + "\"trafficType\":\"PROVISIONED_THROUGHPUT\"}}")
            .answer();
    ModelAnswer line =
        reader
            .read(
                "{\"custom_id\":\"c\",\"response\":{\"status_code\":200,\"body\":{\"object\":"
                    + "\"chat.completion\",\"id\":\"chatcmpl-1\",\"choices\":[],\"usage\":"
                    + "{\"prompt_tokens\":7,\"completion_tokens\":5}}},\"id\":\"batch_req_1\"}")
            .answer();
    ModelAnswer batch =
        reader
            .read(
                "{\"id\":\"batch_1\",\"object\":\"batch\",\"status\":\"completed\",\"model\":\"gpt-5\","
                    + "\"usage\":{\"input_tokens\":7,\"output_tokens\":5,\"total_tokens\":12}}")
            .answer();

    assertThat(anthropic.speed()).isEqualTo("fast");
    assertThat(anthropic.region()).isEqualTo("us");
    assertThat(anthropic.batch()).isNull();
    assertThat(vertex.serviceTier()).isEqualTo("provisioned_throughput");
    assertThat(line.batch()).isTrue();
    assertThat(line.responseId()).isEqualTo("chatcmpl-1");
    assertThat(batch.batch()).isTrue();
    assertThat(batch.tokens().total()).isEqualTo(12);
  }

  @ParameterizedTest
  @DisplayName("reading K10: costs that the seller reports")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"cost\":0.00042,\"is_byok\":false,\"cost_details\":{\"upstream_inference_cost\":9}"
            + "|0.00042|openrouter",
        "\"cost\":0.01,\"is_byok\":true,\"cost_details\":{\"upstream_inference_cost\":0.19}"
            + "|0.20|openrouter",
        "\"search_context_size\":\"low\",\"cost\":{\"input_tokens_cost\":1e-5,\"total_cost\":0.006}"
            + "|0.006|perplexity",
        "\"cost_in_usd_ticks\":37756000|0.0037756|x_ai",
      })
  void readsReportedCosts(String figures, String dollars, String provider) {
    ReadAnswer read =
        reader.read(
            CHAT.formatted(
                "\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15," + figures));

    assertThat(reported(read).total()).isEqualTo(15);
    assertThat(read.answer().reportedCost()).isEqualTo(Cost.usd(dollars));
    assertThat(read.answer().provider()).isEqualTo(provider);
    assertThat(read.unread()).isEmpty();
  }

  private static TokenUsage reported(ReadAnswer read) {
    assertThat(read.answer().source()).as("%s", read).isEqualTo(TokenSource.REPORTED);
    return read.answer().tokens();
  }
}
