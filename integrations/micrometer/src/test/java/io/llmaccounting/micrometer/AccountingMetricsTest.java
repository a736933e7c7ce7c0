package io.llmaccounting.micrometer;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the real registry of Prometheus, as it is scraped. */
class AccountingMetricsTest {
  private final ManualClock clock = ManualClock.create();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private LlmAccounting accounting;

  private void start(AccountingMetrics metrics) {
    accounting =
        LlmAccounting.builder(InMemoryBackend.create(clock)).clock(clock).listener(metrics).build();
    metrics.watch(accounting::health).bindTo(registry);
  }

  @AfterEach
  void close() {
    accounting.close();
    registry.close();
  }

  private List<String> lines(String beginning) {
    return registry.scrape().lines().filter(line -> line.startsWith(beginning)).toList();
  }

  private static Usage called(String model, String provider) {
    return Usage.of(model, ManualClock.START)
        .provider(provider)
        .tokens(TokenUsage.cacheIncluded().input(100).cacheRead(60).output(20).reasoning(5).build())
        .cost(Cost.usd("0.25"))
        .latency(Duration.ofMillis(1_500))
        .build();
  }

  @Test
  void countsCallsTokensAndCostByModelAndProvider() {
    start(new AccountingMetrics());

    accounting.track(called("gpt-5-mini", "openai"));
    accounting.track(called("gpt-5-mini", "openai"));
    accounting.track(aCall().usage());

    assertThat(lines("llm_accounting_calls_total"))
        .contains(
            "llm_accounting_calls_total{model=\"gpt-5-mini\",outcome=\"succeeded\",provider=\"openai\"} 2.0");
    assertThat(lines("llm_accounting_tokens_total{model=\"gpt-5-mini\",provider=\"openai\""))
        .containsExactlyInAnyOrder(
            "llm_accounting_tokens_total{model=\"gpt-5-mini\",provider=\"openai\",type=\"input\"} 80.0",
            "llm_accounting_tokens_total{model=\"gpt-5-mini\",provider=\"openai\",type=\"cache_read\"} 120.0",
            "llm_accounting_tokens_total{model=\"gpt-5-mini\",provider=\"openai\",type=\"output\"} 30.0",
            "llm_accounting_tokens_total{model=\"gpt-5-mini\",provider=\"openai\",type=\"reasoning\"} 10.0");
    assertThat(lines("llm_accounting_cost_dollars_total"))
        .contains(
            "llm_accounting_cost_dollars_total{model=\"gpt-5-mini\",provider=\"openai\"} 0.5");
    assertThat(lines("llm_accounting_latency_seconds_sum"))
        .containsExactly(
            "llm_accounting_latency_seconds_sum{model=\"gpt-5-mini\",provider=\"openai\"} 3.0");
  }

  @Test
  void aCallThatIsTrackedAgainCountsOnce() {
    start(new AccountingMetrics());
    Usage call = called("gpt-5-mini", "openai");

    accounting.track(call);
    accounting.track(call);

    assertThat(lines("llm_accounting_calls_total")).singleElement().asString().endsWith(" 1.0");
    assertThat(lines("llm_accounting_records_total{event=\"duplicate\"}"))
        .containsExactly("llm_accounting_records_total{event=\"duplicate\"} 1.0");
  }

  @Test
  void countsDenialsByLimitAndReasonAndWarningsByLimit() {
    start(new AccountingMetrics());
    accounting.limits().save(Limit.named("hard").requests(1).rolling(Duration.ofHours(1)));
    accounting
        .limits()
        .save(Limit.named("soft").requests(0).rolling(Duration.ofHours(1)).warning());
    accounting.begin(CallRequest.to("m")).succeeded(TokenUsage.of(1, 1));

    assertThatThrownBy(() -> accounting.begin(CallRequest.to("m")))
        .isInstanceOf(QuotaExceededException.class);

    assertThat(lines("llm_accounting_denials_total"))
        .containsExactly("llm_accounting_denials_total{limit=\"hard\",reason=\"spent\"} 1.0");
    assertThat(lines("llm_accounting_warnings_total"))
        .containsExactly("llm_accounting_warnings_total{limit=\"soft\"} 1.0");
    assertThat(lines("llm_accounting_refused_total"))
        .containsExactly("llm_accounting_refused_total 1.0");
  }

  @Test
  void showsCallsUnderWayAndHowTheStoreFares() {
    start(new AccountingMetrics());
    try (LlmCall call = accounting.begin(CallRequest.to("m"))) {
      assertThat(lines("llm_accounting_calls_underway"))
          .containsExactly("llm_accounting_calls_underway 1.0");
      call.succeeded(TokenUsage.of(1, 1));
    }

    assertThat(lines("llm_accounting_calls_underway"))
        .containsExactly("llm_accounting_calls_underway 0.0");
    assertThat(lines("llm_accounting_breaker{"))
        .containsExactlyInAnyOrder(
            "llm_accounting_breaker{state=\"closed\"} 1.0",
            "llm_accounting_breaker{state=\"open\"} 0.0",
            "llm_accounting_breaker{state=\"half_open\"} 0.0");
    assertThat(lines("llm_accounting_commit_seconds_count"))
        .singleElement()
        .asString()
        .doesNotEndWith(" 0.0");
  }

  /** Names come from outside: nobody may fill a registry with them. */
  @Test
  void whatIsAboveTheBoundIsCountedAsOther() {
    start(new AccountingMetrics(MetricsSettings.defaults().mostSeries(2)));

    for (int i = 0; i < 5; i++) {
      accounting.track(called("m" + i, "p"));
    }
    accounting.track(called("m1", "p"));

    assertThat(lines("llm_accounting_calls_total"))
        .containsExactlyInAnyOrder(
            "llm_accounting_calls_total{model=\"m0\",outcome=\"succeeded\",provider=\"p\"} 1.0",
            "llm_accounting_calls_total{model=\"m1\",outcome=\"succeeded\",provider=\"p\"} 2.0",
            "llm_accounting_calls_total{model=\"other\",outcome=\"succeeded\",provider=\"other\"} 3.0");
    assertThat(lines("llm_accounting_cost_dollars_total")).hasSize(3);
    assertThat(lines("llm_accounting_latency_seconds_count")).hasSize(3);
  }

  @Test
  void tagsAreThoseThatWereChosen() {
    start(
        new AccountingMetrics(
            MetricsSettings.defaults().by(Dimension.Kind.PROJECT).withoutDurations(),
            Tags.of("accounting", "batch")));

    accounting.track(aCall().in("search").usage());
    accounting.track(called("m", "p"));

    assertThat(lines("llm_accounting_calls_total"))
        .containsExactlyInAnyOrder(
            "llm_accounting_calls_total{accounting=\"batch\",outcome=\"succeeded\",project=\"search\"} 1.0",
            "llm_accounting_calls_total{accounting=\"batch\",outcome=\"succeeded\",project=\"none\"} 1.0");
    assertThat(lines("llm_accounting_latency")).isEmpty();
    assertThat(lines("llm_accounting_calls_underway{accounting=\"batch\"}")).hasSize(1);
  }

  @Test
  void aRegistryThatIsBoundLaterSeesWhatWasCountedBefore() {
    AccountingMetrics metrics = new AccountingMetrics();
    start(metrics);
    accounting.track(called("m", "p"));
    PrometheusMeterRegistry later = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    metrics.bindTo(later);
    accounting.track(called("m", "p"));

    assertThat(later.scrape())
        .contains(
            "llm_accounting_calls_total{model=\"m\",outcome=\"succeeded\",provider=\"p\"} 2.0");
    assertThat(lines("llm_accounting_calls_total{model=\"m\"")).hasSize(1);
    later.close();
  }

  @Test
  void metersOfHealthHaveNoValueBeforeThereIsAny() {
    start(new AccountingMetrics());
    PrometheusMeterRegistry unwatched = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    new AccountingMetrics().bindTo(unwatched);

    assertThat(unwatched.scrape()).contains("llm_accounting_calls_underway NaN");
    unwatched.close();
  }

  @Test
  void usersAreTagsOnlyOfThoseWhoAskForThem() {
    start(new AccountingMetrics(MetricsSettings.defaults().by(Dimension.Kind.USER)));
    accounting.track(aCall().by("alice").usage());

    assertThat(lines("llm_accounting_calls_total"))
        .containsExactly("llm_accounting_calls_total{outcome=\"succeeded\",user=\"alice\"} 1.0");
    assertThat(MetricsSettings.defaults().tags()).doesNotContain(Dimension.Kind.USER);
    assertThatThrownBy(() -> MetricsSettings.defaults().by(Dimension.Kind.SESSION))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SESSION");
  }
}
