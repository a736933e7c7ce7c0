package io.llmaccounting.sinks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.json.JsonWriter;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A record as one JSON object, with the figures that count now. Fields without a value are left
 * out. Stateless.
 */
final class SinkLine {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final double MILLIS = 1_000_000.0;

  private SinkLine() {}

  /** Writes what a document consists of. */
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /** A document in memory. */
  static byte[] document(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** All records of a batch, one a line. */
  static byte[] lines(List<OutboxItem> batch) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (OutboxItem item : batch) {
      all.writeBytes(document(json -> write(json, item)));
      all.write('\n');
    }
    return all.toByteArray();
  }

  /** Writes one record as an object. */
  static void write(JsonGenerator json, OutboxItem item) throws IOException {
    RecordedUsage record = item.record();
    Usage usage = record.current();
    json.writeStartObject();
    text(json, "id", usage.id());
    json.writeNumberField("revision", item.revision());
    text(json, "key", usage.key());
    text(json, "occurred_at", usage.occurredAt());
    text(json, "settled_at", record.settledAt());
    text(json, "provider", usage.provider());
    text(json, "model", usage.model());
    text(json, "response_model", usage.responseModel());
    text(json, "operation", usage.operation());
    text(json, "outcome", JsonWriter.word(usage.outcome()));
    text(json, "source", JsonWriter.word(usage.source()));
    tokens(json, usage.tokens());
    counts(json, usage.extras());
    text(json, "cost_usd", record.cost().map(SinkLine::dollars).orElse(null));
    if (record.costIsLowerBound()) {
      json.writeBooleanField("cost_is_lower_bound", true);
    }
    attribution(json, usage.attribution());
    details(json, usage.details());
    json.writeEndObject();
  }

  private static void tokens(JsonGenerator json, @Nullable TokenUsage tokens) throws IOException {
    if (tokens == null) {
      return;
    }
    json.writeNumberField("input_tokens", tokens.input());
    json.writeNumberField("output_tokens", tokens.output());
    json.writeNumberField("cache_read_tokens", tokens.cacheRead());
    json.writeNumberField("cache_write_tokens", tokens.cacheWrite());
    json.writeNumberField("reasoning_tokens", tokens.reasoning());
  }

  private static void counts(JsonGenerator json, Map<String, Long> extras) throws IOException {
    if (!extras.isEmpty()) {
      json.writeObjectFieldStart("extras");
      for (Map.Entry<String, Long> extra : new TreeMap<>(extras).entrySet()) {
        json.writeNumberField(extra.getKey(), extra.getValue());
      }
      json.writeEndObject();
    }
  }

  private static void attribution(JsonGenerator json, Attribution who) throws IOException {
    text(json, "project", who.project());
    text(json, "user", who.user());
    text(json, "caller", who.caller());
    text(json, "session", who.session());
    if (!who.tags().isEmpty()) {
      json.writeObjectFieldStart("tags");
      for (Map.Entry<String, String> tag : new TreeMap<>(who.tags()).entrySet()) {
        json.writeStringField(tag.getKey(), tag.getValue());
      }
      json.writeEndObject();
    }
  }

  private static void details(JsonGenerator json, CallDetails details) throws IOException {
    millis(json, "latency_ms", details.latency());
    millis(json, "time_to_first_token_ms", details.timeToFirstToken());
    if (details.streamed() != null) {
      json.writeBooleanField("streamed", details.streamed());
    }
    text(json, "finish_reason", details.finishReason());
    text(json, "response_id", details.responseId());
    text(json, "error_type", details.errorType());
    text(json, "error_message", details.errorMessage());
    text(json, "service_tier", details.serviceTier());
  }

  private static void millis(JsonGenerator json, String name, @Nullable Duration value)
      throws IOException {
    if (value != null) {
      json.writeNumberField(name, value.toNanos() / MILLIS);
    }
  }

  /** Writes a text, or nothing for null. */
  static void text(JsonGenerator json, String name, @Nullable Object value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value.toString());
    }
  }

  /** A cost in dollars, exact, without an exponent. */
  static String dollars(Cost cost) {
    return java.math.BigDecimal.valueOf(cost.nanos(), 9).stripTrailingZeros().toPlainString();
  }
}
