package io.llmaccounting.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.testing.CommandContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** {@code reconcile}: exports of a provider beside what was recorded. */
@DisplayName("reading K12: usage and cost exports")
abstract class ReconcileContract extends CommandContract {
  private static final String DAY = "2026-03-01T12:00:00Z";
  // 1 March 2026
  private static final String BUCKET =
      "{\"object\":\"bucket\",\"start_time\":1772323200,\"end_time\":1772409600,\"results\":[%s]}";
  private static final String USAGE =
      "{\"object\":\"organization.usage.completions.result\",\"input_tokens\":%d,\"output_tokens\":%d,"
          + "\"input_cached_tokens\":0,\"num_model_requests\":%d,\"project_id\":null,\"model\":%s}";
  private static final String COST =
      "{\"object\":\"organization.costs.result\",\"amount\":{\"value\":%s,\"currency\":\"usd\"},"
          + "\"line_item\":%s,\"project_id\":null}";

  private static String page(String... results) {
    return "{\"object\":\"page\",\"data\":[\n"
        + BUCKET.formatted(String.join(",", results))
        + "],\n\"has_more\":false,\"next_page\":null}\n";
  }

  @BeforeEach
  final void record() {
    String call =
        "{\"at\":\"2026-03-01T10:00:00Z\",\"model\":\"gpt-5-mini\",\"response_model\":"
            + "\"gpt-5-mini-2025-08-07\",\"provider\":\"openai\",\"input_tokens\":100,"
            + "\"output_tokens\":10,\"cost\":\"0.25\"}\n";
    write(
        "calls.jsonl",
        call
            + call
            + call.replace("gpt-5-mini-2025-08-07", "gpt-5-nano-2025-08-07")
            + call.replace("openai", "anthropic"));
    done("track", "--from", "calls.jsonl");
  }

  @Test
  void usageIsComparedByModelAndDayAndWhatIsMissingOnEitherSideShows() {
    write(
        "usage.json",
        page(
                USAGE.formatted(200, 20, 2, "\"gpt-5-mini-2025-08-07\""),
                USAGE.formatted(100, 10, 1, "\"gpt-5-mini-2025-08-07\""),
                USAGE.formatted(7, 1, 1, "\"gpt-5-2025-08-07\""))
            + page());

    List<Map<String, Object>> rows = json("reconcile", "usage.json").objects();

    assertThat(rows).hasSize(3);
    assertThat(rows.get(0))
        .contains(
            entry("day", "2026-03-01"),
            entry("model", "gpt-5-2025-08-07"),
            entry("calls", 1L),
            entry("recorded_calls", null),
            entry("cost", null));
    assertThat(rows.get(1))
        .contains(
            entry("model", "gpt-5-mini-2025-08-07"),
            entry("calls", 3L),
            entry("recorded_calls", 2L),
            entry("input_tokens", 300L),
            entry("recorded_input_tokens", 200L),
            entry("output_tokens", 30L),
            entry("recorded_output_tokens", 20L));
    assertThat(rows.get(2))
        .contains(
            entry("model", "gpt-5-nano-2025-08-07"),
            entry("calls", null),
            entry("recorded_calls", 1L));
  }

  @Test
  void costsOfADayAreComparedAsAWholeAndByTheirLines() {
    write("costs.json", page(COST.formatted("1.06", "null")));
    write(
        "lines.json",
        page(
            COST.formatted("\"0.5\"", "\"gpt-5-mini-2025-08-07, input\""),
            COST.formatted("0.2", "\"gpt-5-mini-2025-08-07, output\""),
            COST.formatted("0.03", "\"Web search tool calls\"")));

    Map<String, Object> day = json("reconcile", "costs.json").objects().get(0);
    List<Map<String, Object>> lines = json("reconcile", "lines.json").objects();

    assertThat(day).contains(entry("model", null));
    assertThat(day.get("unexplained_cost")).hasToString("0.31");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains(entry("model", "Web search tool calls"));
    assertThat(lines.get(0).get("recorded_cost")).isNull();
    assertThat(lines.get(1).get("cost")).hasToString("0.70");
    assertThat(lines.get(1).get("recorded_cost")).hasToString("0.50");
    assertThat(lines.get(1).get("unexplained_cost")).hasToString("0.20");
  }

  /** A call recorded without what answered is the same model; one without a provider is said. */
  @Test
  void aDatedNameMeansCallsUnderTheUndatedOneToo() {
    done("track", "--model", "gpt-5-mini", "--provider", "openai", "--at", DAY, "--cost", "0.10");
    done("track", "--model", "openai/gpt-5-mini", "--at", DAY, "--cost", "0.05");
    done("track", "--model", "llama", "--at", DAY, "--cost", "7");
    write(
        "costs.json",
        page(
            USAGE.formatted(200, 20, 4, "\"gpt-5-mini-2025-08-07\""),
            COST.formatted("0.60", "\"gpt-5-mini-2025-08-07, input\"")));

    Map<String, Object> row = json("reconcile", "costs.json").objects().get(0);

    assertThat(row)
        .contains(
            entry("model", "gpt-5-mini-2025-08-07"),
            entry("recorded_calls", 4L),
            entry("cost", "0.60"),
            entry("recorded_cost", "0.65"),
            entry("unexplained_cost", "-0.05"));
    run("reconcile", "costs.json")
        .exits(Exit.DONE)
        .says(
            "1 call recorded without a provider is counted in",
            "1 call recorded without a provider is left out");
    assertThat(run("reconcile", "costs.json").out()).contains("$0.60", "$0.65", "-$0.05");
  }

  /** Which of two dates a call belongs to cannot be told. */
  @Test
  void anUndatedNameBelongsToNoneOfTwoDates() {
    done("track", "--model", "gpt-5-mini", "--provider", "openai", "--at", DAY, "--cost", "0.10");
    write(
        "usage.json",
        page(
            USAGE.formatted(200, 20, 2, "\"gpt-5-mini-2025-08-07\""),
            USAGE.formatted(200, 20, 2, "\"gpt-5-mini-2026-01-01\"")));

    assertThat(json("reconcile", "usage.json").objects())
        .extracting(row -> row.get("model") + " " + row.get("recorded_calls"))
        .contains("gpt-5-mini 1", "gpt-5-mini-2025-08-07 2", "gpt-5-mini-2026-01-01 null");
  }

  @Test
  void theTableOfTheDashboardIsReadByItsNames() {
    write(
        "usage.csv",
        "\uFEFFstart_time,end_time,start_time_iso,project_id,num_model_requests,model,"
            + "input_tokens,output_tokens\r\n"
            + "1772323200,1772409600,2026-03-01T00:00:00+00:00,\"\"\"a\"\", c\",3,"
            + "gpt-5-mini-2025-08-07,300,30\r\n");
    write(
        "costs.csv",
        "start_time,end_time,amount_value,amount_currency,line_item\n"
            + "1772323200,1772409600,0.75,usd,\"gpt-5-mini-2025-08-07, input\"\n");

    List<Map<String, Object>> rows = json("reconcile", "usage.csv", "costs.csv").objects();

    assertThat(rows.get(0))
        .contains(
            entry("model", "gpt-5-mini-2025-08-07"),
            entry("calls", 3L),
            entry("recorded_calls", 2L));
    assertThat(rows.get(0).get("unexplained_cost")).hasToString("0.25");
  }

  // platform.claude.com/docs/en/api/admin-api/usage-cost
  @Test
  @DisplayName("reading K12: usage and cost reports of Anthropic")
  void reportsOfAnthropicAreComparedWithItsCalls() {
    String bucket =
        "{\"starting_at\":\"2026-03-01T00:00:00Z\",\"ending_at\":\"2026-03-02T00:00:00Z\","
            + "\"results\":[%s]}";
    String page = "{\"data\":[" + bucket + "],\"has_more\":false,\"next_page\":null}\n";
    write(
        "usage.json",
        page.formatted(
            "{\"uncached_input_tokens\":100,\"cache_creation\":{\"ephemeral_1h_input_tokens\":10,"
                + "\"ephemeral_5m_input_tokens\":5},\"cache_read_input_tokens\":200,"
                + "\"output_tokens\":50,\"server_tool_use\":{\"web_search_requests\":1},"
                + "\"model\":\"gpt-5-mini-2025-08-07\",\"service_tier\":\"standard\"}"));
    write(
        "costs.json",
        page.formatted(
            "{\"currency\":\"USD\",\"amount\":\"40.5\",\"cost_type\":\"tokens\",\"model\":"
                + "\"gpt-5-mini-2025-08-07\",\"description\":\"Input\"},"
                + "{\"currency\":\"USD\",\"amount\":\"1\",\"cost_type\":\"web_search\",\"model\":null,\"description\":\"Web"
                + " Search Usage\"}"));

    List<Map<String, Object>> rows = json("reconcile", "usage.json", "costs.json").objects();

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0)).contains(entry("model", "Web Search Usage"));
    assertThat(rows.get(0).get("cost")).hasToString("0.01");
    assertThat(rows.get(1))
        .contains(
            entry("model", "gpt-5-mini-2025-08-07"),
            entry("input_tokens", 315L),
            entry("output_tokens", 50L),
            entry("recorded_calls", 1L));
    assertThat(rows.get(1).get("cost")).hasToString("0.405");
    assertThat(rows.get(1).get("unexplained_cost")).hasToString("0.155");
    run("track", "--from", "usage.json").exits(Exit.FAILED).says("an export with sums");
    write("openai.json", page(USAGE.formatted(200, 20, 2, "\"gpt-5\"")));
    run("reconcile", "usage.json", "openai.json").exits(Exit.USAGE).says("of one provider");
  }

  @Test
  void nothingIsRecordedOfSums() {
    write("usage.json", page(USAGE.formatted(200, 20, 2, "\"gpt-5\"")));

    run("track", "--from", "usage.json")
        .exits(Exit.FAILED)
        .says("line 1: must be a call or an answer, was an export with sums", "reconcile");
    done("reconcile", "usage.json");
    assertThat(json("stats").object()).containsEntry("calls", 4L);
  }

  @Test
  void whatIsNoExportIsSaid() {
    write("calls.json", "{\"model\":\"m\"}");
    write("odd.csv", "a,b\n1,2\n");
    write("euro.json", page(COST.formatted("1", "null").replace("usd", "eur")));

    run("reconcile", "calls.json").exits(Exit.USAGE).says("contained none");
    run("reconcile", "odd.csv").exits(Exit.USAGE).says("start_time");
    run("reconcile", "euro.json").exits(Exit.USAGE).says("must be in usd");
  }
}
