package io.llmaccounting.opentelemetry;

import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a call from a span. Pure. */
final class SpanUsage {
  /** What is no call of a model, and adds up calls that have spans of their own. */
  private static final Set<String> NO_CALLS =
      Set.of("invoke_agent", "create_agent", "execute_tool", "invoke_workflow");

  private SpanUsage() {}

  /** The call; empty where the span tells of none. */
  static Optional<Usage> of(SpanData span) {
    Attributes from = span.getAttributes();
    String operation = from.get(GenAi.OPERATION);
    String responseModel = from.get(GenAi.RESPONSE_MODEL);
    String asked = text(from, GenAi.ALL_MODELS);
    String model = asked == null ? responseModel : asked;
    TokenUsage tokens = tokens(from);
    if (model == null || tokens == null || (operation != null && NO_CALLS.contains(operation))) {
      return Optional.empty();
    }
    Instant start = instant(span.getStartEpochNanos());
    UsageBuilder usage =
        Usage.of(model, start)
            .key("span:" + span.getTraceId() + "-" + span.getSpanId())
            .tokens(tokens)
            .latency(Duration.between(start, instant(span.getEndEpochNanos())));
    String provider = text(from, GenAi.ALL_PROVIDERS);
    if (provider != null) {
      usage.provider(provider);
    }
    if (operation != null) {
      usage.operation(operation);
    }
    if (responseModel != null) {
      usage.responseModel(responseModel);
    }
    String conversation = from.get(GenAi.CONVERSATION);
    if (conversation != null) {
      usage.session(conversation);
    }
    if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
      String type = from.get(GenAi.ERROR_TYPE);
      usage.failed(type == null ? "error" : type, span.getStatus().getDescription());
    }
    return Optional.of(usage.build());
  }

  // spans are told to the nanosecond, records keep microseconds
  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }

  private static @Nullable TokenUsage tokens(Attributes from) {
    Long input = number(from, GenAi.ALL_INPUT_TOKENS);
    Long output = number(from, GenAi.ALL_OUTPUT_TOKENS);
    if (input == null && output == null) {
      return null;
    }
    long in = orZero(input);
    long out = orZero(output);
    long read = orZero(number(from, GenAi.ALL_CACHE_READ));
    long written = orZero(number(from, GenAi.ALL_CACHE_WRITE));
    long reasoning = orZero(number(from, GenAi.ALL_REASONING));
    // the convention includes cached tokens; where they are more than all input, the provider's own
    // figures were handed on
    TokenSplit split =
        read + written > in ? TokenUsage.cacheExcluded() : TokenUsage.cacheIncluded();
    return split
        .input(in)
        .cacheRead(read)
        .cacheWrite5m(written)
        .output(out)
        .reasoning(Math.min(reasoning, out))
        .build();
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  private static @Nullable Long number(Attributes from, List<String> names) {
    for (String name : names) {
      Long value = from.get(AttributeKey.longKey(name));
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable String text(Attributes from, List<String> names) {
    for (String name : names) {
      String value = from.get(AttributeKey.stringKey(name));
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return null;
  }
}
