package io.llmaccounting.sinks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends each call as a span to an OpenTelemetry collector, by <a
 * href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP/HTTP</a> in its <a
 * href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">JSON encoding</a>, with
 * the <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">attributes of
 * GenAI</a>. A trace has the id of its record and one span, so that a record that comes twice has
 * the same ids. Safe for use by many threads.
 */
public final class OtlpSink implements Sink {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int CLIENT = 3;
  private static final int ERROR = 2;

  private final String name;
  private final String service;
  private final HttpPost post;

  /**
   * Sends to a collector.
   *
   * @param name the sink's name
   * @param url of the traces, such as {@code https://collector.example.com/v1/traces}
   * @param headers sent with each request, such as an {@code Authorization}
   * @param service the service's name in the spans
   * @param timeout how long to wait for an answer
   */
  public OtlpSink(
      String name, URI url, Map<String, String> headers, String service, Duration timeout) {
    this.name = Objects.requireNonNull(name, "name is required, was null");
    this.service = Objects.requireNonNull(service, "service is required, was null");
    this.post = new HttpPost(url, headers, timeout, SinkClock.SYSTEM);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Delivery deliver(List<OutboxItem> batch) throws IOException, InterruptedException {
    byte[] body =
        SinkLine.document(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("resourceSpans");
              json.writeStartObject();
              json.writeObjectFieldStart("resource");
              json.writeArrayFieldStart("attributes");
              attribute(json, "service.name", service);
              json.writeEndArray();
              json.writeEndObject();
              json.writeArrayFieldStart("scopeSpans");
              json.writeStartObject();
              json.writeObjectFieldStart("scope");
              json.writeStringField("name", "io.llmaccounting.sinks");
              json.writeEndObject();
              json.writeArrayFieldStart("spans");
              for (OutboxItem item : batch) {
                span(json, item);
              }
              json.writeEndArray();
              json.writeEndObject();
              json.writeEndArray();
              json.writeEndObject();
              json.writeEndArray();
              json.writeEndObject();
            });
    return post.send(body, Map.of(), OtlpSink::outcome);
  }

  // A collector that refuses some spans says how many, not which.
  private static Delivery outcome(String answer) {
    long rejected = 0;
    String message = "";
    try (JsonParser json = FACTORY.createParser(answer)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
          String field = json.currentName();
          if ("rejectedSpans".equals(field)) {
            rejected = json.getValueAsLong();
          } else if ("errorMessage".equals(field)) {
            message = json.getText();
          }
        }
      }
    } catch (IOException e) {
      return Delivery.taken(); // an answer that is no JSON rejects nothing
    }
    return rejected > 0
        ? Delivery.refused("%d spans rejected: %s".formatted(rejected, message))
        : Delivery.taken();
  }

  private static void span(JsonGenerator json, OutboxItem item) throws IOException {
    RecordedUsage record = item.record();
    Usage usage = record.current();
    CallTimes times = CallTimes.of(usage);
    String operation = usage.operation() == null ? "chat" : usage.operation();
    json.writeStartObject();
    json.writeStringField("traceId", hex(usage.id()));
    json.writeStringField("spanId", hex(usage.id()).substring(16));
    json.writeStringField("name", operation + " " + usage.model());
    json.writeNumberField("kind", CLIENT);
    json.writeStringField("startTimeUnixNano", CallTimes.nanos(times.start()));
    json.writeStringField("endTimeUnixNano", CallTimes.nanos(times.end()));
    json.writeArrayFieldStart("attributes");
    attribute(json, "gen_ai.operation.name", operation);
    attribute(json, "gen_ai.provider.name", usage.provider());
    attribute(json, "gen_ai.request.model", usage.model());
    attribute(json, "gen_ai.response.model", usage.responseModel());
    attribute(json, "gen_ai.response.id", usage.details().responseId());
    attribute(json, "gen_ai.conversation.id", usage.attribution().session());
    attribute(json, "error.type", errorType(usage));
    tokens(json, usage.tokens());
    ours(json, item);
    json.writeEndArray();
    if (usage.outcome() == Outcome.FAILED) {
      json.writeObjectFieldStart("status");
      json.writeNumberField("code", ERROR);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static @Nullable String errorType(Usage usage) {
    String type = usage.details().errorType();
    return usage.outcome() == Outcome.FAILED && type == null ? "_OTHER" : type;
  }

  private static void tokens(JsonGenerator json, @Nullable TokenUsage tokens) throws IOException {
    if (tokens != null) {
      number(json, "gen_ai.usage.input_tokens", tokens.input());
      number(json, "gen_ai.usage.output_tokens", tokens.output());
      number(json, "gen_ai.usage.cache_read.input_tokens", tokens.cacheRead());
      number(json, "gen_ai.usage.cache_creation.input_tokens", tokens.cacheWrite());
      number(json, "gen_ai.usage.reasoning.output_tokens", tokens.reasoning());
    }
  }

  private static void ours(JsonGenerator json, OutboxItem item) throws IOException {
    Attribution who = item.record().usage().attribution();
    attribute(json, "user.id", who.user());
    attribute(json, "llm_accounting.project", who.project());
    attribute(json, "llm_accounting.caller", who.caller());
    number(json, "llm_accounting.revision", item.revision());
    attribute(
        json, "llm_accounting.cost_usd", item.record().cost().map(SinkLine::dollars).orElse(null));
    for (Map.Entry<String, String> tag : new TreeMap<>(who.tags()).entrySet()) {
      attribute(json, "llm_accounting.tag." + tag.getKey(), tag.getValue());
    }
  }

  private static void attribute(JsonGenerator json, String key, @Nullable String value)
      throws IOException {
    if (value != null) {
      write(json, key, "stringValue", value);
    }
  }

  // whole numbers of 64 bits are texts in this encoding
  private static void number(JsonGenerator json, String key, long value) throws IOException {
    write(json, key, "intValue", Long.toString(value));
  }

  private static void write(JsonGenerator json, String key, String type, String value)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("key", key);
    json.writeObjectFieldStart("value");
    json.writeStringField(type, value);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String hex(UUID id) {
    return id.toString().replace("-", "");
  }

  @Override
  public void close() {
    // the client has no threads once it is not used
  }
}
