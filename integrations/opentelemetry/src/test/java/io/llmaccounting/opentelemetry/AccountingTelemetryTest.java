package io.llmaccounting.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the real SDK. */
class AccountingTelemetryTest {
  private final ManualClock clock = ManualClock.create();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
          .build();
  private LlmAccounting accounting;

  private void start(TelemetrySettings settings) {
    accounting =
        LlmAccounting.builder(InMemoryBackend.create(clock))
            .clock(clock)
            .listener(new AccountingTelemetry(sdk, settings))
            .build();
  }

  @AfterEach
  void close() {
    accounting.close();
    sdk.close();
  }

  private static Usage call() {
    return Usage.of("gpt-5-mini", ManualClock.START)
        .provider("openai")
        .responseModel("gpt-5-mini-2025-08-07")
        .session("s1")
        .tokens(TokenUsage.cacheIncluded().input(100).cacheRead(60).output(20).reasoning(5).build())
        .cost(Cost.usd("0.25"))
        .latency(Duration.ofMillis(1_500))
        .build();
  }

  private MetricData metric(String name) {
    return metrics.collectAllMetrics().stream()
        .filter(one -> one.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCallHasASpanInsideOfTheOneThatIsCurrent() {
    start(TelemetrySettings.defaults());
    Span outer = sdk.getTracer("test").spanBuilder("outer").startSpan();
    try (Scope scope = outer.makeCurrent()) {
      accounting.track(call());
    }
    outer.end();

    SpanData span = spans.getFinishedSpanItems().get(0);
    assertThat(span.getName()).isEqualTo("chat gpt-5-mini");
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getParentSpanId()).isEqualTo(outer.getSpanContext().getSpanId());
    assertThat(span.getStartEpochNanos())
        .isEqualTo(TimeUnit.MILLISECONDS.toNanos(ManualClock.START.toEpochMilli()));
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(1_500_000_000L);
    assertThat(span.getAttributes().asMap())
        .containsEntry(AttributeKey.stringKey("gen_ai.provider.name"), "openai")
        .containsEntry(AttributeKey.stringKey("gen_ai.request.model"), "gpt-5-mini")
        .containsEntry(AttributeKey.stringKey("gen_ai.response.model"), "gpt-5-mini-2025-08-07")
        .containsEntry(AttributeKey.stringKey("gen_ai.conversation.id"), "s1")
        .containsEntry(AttributeKey.longKey("gen_ai.usage.input_tokens"), 100L)
        .containsEntry(AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens"), 60L)
        .containsEntry(AttributeKey.longKey("gen_ai.usage.output_tokens"), 20L)
        .containsEntry(AttributeKey.doubleKey("llm.accounting.cost"), 0.25);
  }

  @Test
  void aCallThatIsTrackedAgainHasOneSpan() {
    start(TelemetrySettings.defaults());
    Usage call = call();

    accounting.track(call);
    accounting.track(call);

    assertThat(spans.getFinishedSpanItems()).hasSize(1);
  }

  @Test
  void aFailedCallSaysSo() {
    start(TelemetrySettings.defaults());

    accounting.track().model("m").failed("timeout", "no answer").record();

    SpanData span = spans.getFinishedSpanItems().get(0);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getStatus().getDescription()).isEqualTo("no answer");
    assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo("timeout");
  }

  @Test
  void tokensDurationsAndCostAreMeasured() {
    start(TelemetrySettings.defaults());

    accounting.track(call());

    List<HistogramPointData> tokens =
        List.copyOf(metric("gen_ai.client.token.usage").getHistogramData().getPoints());
    assertThat(tokens)
        .extracting(
            point -> point.getAttributes().get(AttributeKey.stringKey("gen_ai.token.type")),
            HistogramPointData::getSum)
        .containsExactlyInAnyOrder(tuple("input", 100.0), tuple("output", 20.0));
    assertThat(metric("gen_ai.client.operation.duration").getHistogramData().getPoints())
        .singleElement()
        .extracting(HistogramPointData::getSum)
        .isEqualTo(1.5);
    assertThat(metric("llm.accounting.cost").getDoubleSumData().getPoints())
        .singleElement()
        .extracting(point -> point.getValue())
        .isEqualTo(0.25);
  }

  @Test
  void aDenialIsCountedAndAnEventOfTheCurrentSpan() {
    start(TelemetrySettings.defaults());
    accounting.limits().save(Limit.named("none").requests(0).lifetime());
    Span outer = sdk.getTracer("test").spanBuilder("outer").startSpan();
    try (Scope scope = outer.makeCurrent()) {
      assertThatThrownBy(() -> accounting.begin(CallRequest.to("m")))
          .isInstanceOf(QuotaExceededException.class);
    }
    outer.end();

    assertThat(metric("llm.accounting.denials").getLongSumData().getPoints())
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.getValue()).isEqualTo(1);
              assertThat(point.getAttributes().get(AttributeKey.stringKey("llm.accounting.limit")))
                  .isEqualTo("none");
            });
    assertThat(spans.getFinishedSpanItems().get(0).getEvents())
        .singleElement()
        .satisfies(event -> assertThat(event.getName()).isEqualTo("llm.accounting.denied"));
  }

  @Test
  void namesAndWhatIsToldAreChosen() {
    start(TelemetrySettings.defaults().withoutSpans().named("my.tokens", "my.durations"));

    accounting.track(call());

    assertThat(spans.getFinishedSpanItems()).isEmpty();
    assertThat(metrics.collectAllMetrics())
        .extracting(MetricData::getName)
        .contains("my.tokens", "my.durations");
  }
}
