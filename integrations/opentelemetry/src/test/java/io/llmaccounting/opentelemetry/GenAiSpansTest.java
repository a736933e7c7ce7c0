package io.llmaccounting.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spans of the real SDK, as other instrumentation makes them. */
class GenAiSpansTest {
  private final List<Usage> told = new ArrayList<>();
  private final GenAiSpans processor = new GenAiSpans(told::add);
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(processor).build())
          .build();

  @AfterEach
  void close() {
    sdk.close();
  }

  private void span(Consumer<SpanBuilder> attributes, Consumer<Span> end) {
    SpanBuilder builder =
        sdk.getTracer("other").spanBuilder("chat").setStartTimestamp(ManualClock.START);
    attributes.accept(builder);
    Span span = builder.startSpan();
    end.accept(span);
    span.end(ManualClock.START.plusMillis(750));
  }

  private Usage one() {
    assertThat(processor.lastFailure()).isEmpty();
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  @Test
  void readsTheNewestNames() {
    span(
        to ->
            to.setAttribute("gen_ai.operation.name", "chat")
                .setAttribute("gen_ai.provider.name", "openai")
                .setAttribute("gen_ai.request.model", "gpt-5-mini")
                .setAttribute("gen_ai.response.model", "gpt-5-mini-2025-08-07")
                .setAttribute("gen_ai.conversation.id", "s1")
                .setAttribute("gen_ai.usage.input_tokens", 100)
                .setAttribute("gen_ai.usage.cache_read.input_tokens", 60)
                .setAttribute("gen_ai.usage.output_tokens", 20)
                .setAttribute("gen_ai.usage.reasoning.output_tokens", 5),
        span -> {});

    Usage usage = one();
    assertThat(usage.model()).isEqualTo("gpt-5-mini");
    assertThat(usage.responseModel()).isEqualTo("gpt-5-mini-2025-08-07");
    assertThat(usage.provider()).isEqualTo("openai");
    assertThat(usage.operation()).isEqualTo("chat");
    assertThat(usage.attribution().session()).isEqualTo("s1");
    assertThat(usage.occurredAt()).isEqualTo(ManualClock.START);
    assertThat(usage.details().latency()).isEqualTo(Duration.ofMillis(750));
    assertThat(usage.tokens().input()).isEqualTo(100);
    assertThat(usage.tokens().uncachedInput()).isEqualTo(40);
    assertThat(usage.tokens().cacheRead()).isEqualTo(60);
    assertThat(usage.tokens().output()).isEqualTo(20);
    assertThat(usage.tokens().reasoning()).isEqualTo(5);
  }

  @Test
  void readsOlderNames() {
    span(
        to ->
            to.setAttribute("gen_ai.system", "anthropic")
                .setAttribute("gen_ai.request.model", "claude-sonnet-4-5")
                .setAttribute("gen_ai.usage.prompt_tokens", 10)
                .setAttribute("gen_ai.usage.completion_tokens", 3)
                .setAttribute("gen_ai.usage.cache_read_input_tokens", 90)
                .setAttribute("gen_ai.usage.cache_creation_input_tokens", 7),
        span -> {});

    Usage usage = one();
    assertThat(usage.provider()).isEqualTo("anthropic");
    assertThat(usage.tokens().uncachedInput()).as("told beside cached tokens").isEqualTo(10);
    assertThat(usage.tokens().input()).isEqualTo(107);
    assertThat(usage.tokens().output()).isEqualTo(3);
  }

  @Test
  void aSpanWithAnErrorIsAFailedCall() {
    span(
        to ->
            to.setAttribute("gen_ai.request.model", "m")
                .setAttribute("gen_ai.usage.input_tokens", 4)
                .setAttribute("error.type", "timeout"),
        span -> span.setStatus(StatusCode.ERROR, "no answer"));

    assertThat(one().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(one().details().errorType()).isEqualTo("timeout");
    assertThat(one().details().errorMessage()).isEqualTo("no answer");
  }

  @Test
  void spansThatAreNoCallsArePassedOver() {
    span(to -> to.setAttribute("http.request.method", "GET"), span -> {});
    span(to -> to.setAttribute("gen_ai.request.model", "m"), span -> {});
    span(to -> to.setAttribute("gen_ai.usage.input_tokens", 4), span -> {});
    span(
        to ->
            to.setAttribute("gen_ai.operation.name", "invoke_agent")
                .setAttribute("gen_ai.request.model", "m")
                .setAttribute("gen_ai.usage.input_tokens", 4),
        span -> {});

    assertThat(told).isEmpty();
    assertThat(processor.failures()).isZero();
  }

  @Test
  void recordsEachSpanOnceAndNoneOfItsOwn() {
    ManualClock clock = ManualClock.create();
    try (LlmAccounting accounting =
        LlmAccounting.builder(InMemoryBackend.create(clock))
            .clock(clock)
            .listener(new AccountingTelemetry(sdk))
            .build()) {
      span(
          to ->
              to.setAttribute("gen_ai.request.model", "m")
                  .setAttribute("gen_ai.usage.input_tokens", 4),
          span -> {});

      accounting.track(one());
      accounting.track(one());

      assertThat(told).as("the span of the record is not read again").hasSize(1);
      assertThat(accounting.health().counts().recorded()).isEqualTo(1);
      assertThat(one().key()).startsWith("span:");
    }
  }

  @Test
  void whatCannotBeReadBreaksNothingAndIsCounted() {
    span(
        to ->
            to.setAttribute("gen_ai.request.model", " blank ")
                .setAttribute("gen_ai.usage.input_tokens", -4),
        span -> {});

    assertThat(told).isEmpty();
    assertThat(processor.failures()).isEqualTo(1);
    assertThat(processor.lastFailure()).isPresent();
  }
}
