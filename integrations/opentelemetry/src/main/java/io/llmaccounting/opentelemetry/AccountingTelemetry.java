package io.llmaccounting.opentelemetry;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells OpenTelemetry how calls go: a span for every call that is recorded, inside of the span that
 * is current where its end is told, and metrics. Give it to the accounting's builder as a listener.
 * Safe for use by many threads.
 */
public final class AccountingTelemetry implements CallListener {
  /** The instrumentation scope of all that is told; {@link GenAiSpans} passes over its spans. */
  public static final String SCOPE = "io.llmaccounting";

  /** Dollars that a call cost, exact to the nano-dollar as a decimal, on its span. */
  public static final AttributeKey<Double> COST = AttributeKey.doubleKey("llm.accounting.cost");

  /** The id of the record of a call, on its span. */
  public static final AttributeKey<String> RECORD = AttributeKey.stringKey("llm.accounting.id");

  private static final String DEFAULT_OPERATION = "chat";

  private final @Nullable Tracer tracer;
  private final @Nullable CallMetrics metrics;

  /** Spans and metrics under the names of the conventions. */
  public AccountingTelemetry(OpenTelemetry telemetry) {
    this(telemetry, TelemetrySettings.defaults());
  }

  /** Tells what {@code settings} say. */
  public AccountingTelemetry(OpenTelemetry telemetry, TelemetrySettings settings) {
    Objects.requireNonNull(telemetry, "telemetry is required, was null");
    this.tracer = settings.spans() ? telemetry.getTracer(SCOPE) : null;
    this.metrics = settings.metrics() ? new CallMetrics(telemetry.getMeter(SCOPE), settings) : null;
  }

  @Override
  public void denied(CallRequest request, Decision.Denied denied) {
    if (metrics != null) {
      metrics.denied(denied);
    }
    // the span that is current tells why nothing was asked
    Span.current()
        .addEvent(
            "llm.accounting.denied",
            Attributes.of(
                AttributeKey.stringKey("llm.accounting.limit"),
                denied.primary().status().limit().name(),
                AttributeKey.stringKey("llm.accounting.reason"),
                CallMetrics.word(denied.primary().reason())));
  }

  @Override
  public void recorded(Usage usage, Receipt receipt) {
    // a call that was told before has its span already
    if (receipt.status() == Receipt.Status.DUPLICATE
        || receipt.status() == Receipt.Status.SUPERSEDED) {
      return;
    }
    if (metrics != null) {
      metrics.recorded(usage, common(usage));
    }
    if (tracer != null) {
      span(tracer, usage);
    }
  }

  static String operation(Usage usage) {
    return usage.operation() == null ? DEFAULT_OPERATION : usage.operation();
  }

  private static Attributes common(Usage usage) {
    AttributesBuilder to = Attributes.builder();
    to.put(GenAi.OPERATION, operation(usage)).put(GenAi.REQUEST_MODEL, usage.model());
    put(to, GenAi.PROVIDER, usage.provider());
    put(to, GenAi.RESPONSE_MODEL, usage.responseModel());
    put(to, GenAi.ERROR_TYPE, errorType(usage));
    return to.build();
  }

  private static void put(AttributesBuilder to, AttributeKey<String> key, @Nullable String value) {
    if (value != null) {
      to.put(key, value);
    }
  }

  private static @Nullable String errorType(Usage usage) {
    if (usage.outcome() != Outcome.FAILED) {
      return null;
    }
    String type = usage.details().errorType();
    return type == null ? "_OTHER" : type;
  }

  private static void span(Tracer tracer, Usage usage) {
    Instant start = usage.occurredAt();
    Duration latency = usage.details().latency();
    AttributesBuilder all = common(usage).toBuilder();
    all.put(RECORD, usage.id().toString());
    put(all, GenAi.RESPONSE_ID, usage.details().responseId());
    put(all, GenAi.CONVERSATION, usage.attribution().session());
    String finish = usage.details().finishReason();
    if (finish != null) {
      all.put(GenAi.FINISH_REASONS, List.of(finish));
    }
    usage.cost().ifPresent(cost -> all.put(COST, cost.nanos() / 1e9));
    if (usage.tokens() != null) {
      tokens(all, usage.tokens());
    }
    Span span =
        tracer
            .spanBuilder(operation(usage) + " " + usage.model())
            .setSpanKind(SpanKind.CLIENT)
            .setStartTimestamp(start)
            .setAllAttributes(all.build())
            .startSpan();
    if (usage.outcome() == Outcome.FAILED) {
      String message = usage.details().errorMessage();
      span.setStatus(StatusCode.ERROR, message == null ? "" : message);
    }
    span.end(latency == null ? start : start.plus(latency));
  }

  private static void tokens(AttributesBuilder to, TokenUsage tokens) {
    to.put(GenAi.INPUT_TOKENS, tokens.input()).put(GenAi.OUTPUT_TOKENS, tokens.output());
    putIfAny(to, GenAi.CACHE_READ, tokens.cacheRead());
    putIfAny(to, GenAi.CACHE_WRITE, tokens.cacheWrite());
    putIfAny(to, GenAi.REASONING, tokens.reasoning());
  }

  private static void putIfAny(AttributesBuilder to, AttributeKey<Long> key, long value) {
    if (value > 0) {
      to.put(key, value);
    }
  }
}
