package io.llmaccounting.sinks;

import com.fasterxml.jackson.core.JsonGenerator;
import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Logs each call to Helicone, by its <a
 * href="https://docs.helicone.ai/getting-started/integration-method/manual-logger-curl">endpoint
 * for custom models</a>, one request each, with the record's id as {@code Helicone-Request-Id}.
 * Prompts and answers are not kept here, so that they are empty there. Safe for use by many
 * threads.
 */
public final class HeliconeSink implements Sink {
  private static final int FAILED = 500;
  private static final int MILLION = 1_000_000;

  private final String name;
  private final HttpPost post;

  /**
   * Logs to a server of Helicone.
   *
   * @param name the sink's name
   * @param server its address, such as {@code https://api.worker.helicone.ai}
   * @param key the API key
   * @param timeout how long to wait for an answer
   */
  public HeliconeSink(String name, URI server, String key, Duration timeout) {
    this.name = Objects.requireNonNull(name, "name is required, was null");
    this.post =
        new HttpPost(
            server.resolve("/custom/v1/log"),
            Map.of("Authorization", "Bearer " + key),
            timeout,
            SinkClock.SYSTEM);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Delivery deliver(List<OutboxItem> batch) throws IOException, InterruptedException {
    Map<UUID, String> refused = new HashMap<>();
    for (OutboxItem item : batch) {
      Delivery one =
          post.send(
              SinkLine.document(json -> log(json, item)), Map.of(), answer -> Delivery.taken());
      if (one.status() == Delivery.Status.LATER) {
        return new Delivery(one.status(), refused, one.reason(), one.retryAfter());
      }
      if (one.status() == Delivery.Status.REFUSED) {
        refused.put(item.record().usage().id(), one.reason());
      }
    }
    return Delivery.takenBut(refused);
  }

  private static void log(JsonGenerator json, OutboxItem item) throws IOException {
    Usage usage = item.record().current();
    CallTimes times = CallTimes.of(usage);
    json.writeStartObject();
    json.writeObjectFieldStart("providerRequest");
    json.writeStringField("url", "custom-model-nopath");
    json.writeObjectFieldStart("json");
    json.writeStringField("model", usage.model());
    json.writeArrayFieldStart("messages");
    json.writeEndArray();
    json.writeEndObject();
    json.writeObjectFieldStart("meta");
    meta(json, item);
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("providerResponse");
    json.writeNumberField("status", usage.outcome() == Outcome.FAILED ? FAILED : 200);
    json.writeObjectFieldStart("headers");
    json.writeEndObject();
    json.writeObjectFieldStart("json");
    answer(json, usage);
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("timing");
    time(json, "startTime", times.start());
    time(json, "endTime", times.end());
    Duration first = usage.details().timeToFirstToken();
    if (first != null) {
      json.writeNumberField("timeToFirstToken", first.toMillis());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void meta(JsonGenerator json, OutboxItem item) throws IOException {
    Attribution who = item.record().usage().attribution();
    json.writeStringField("Helicone-Request-Id", item.record().usage().id().toString());
    SinkLine.text(json, "Helicone-User-Id", who.user());
    SinkLine.text(json, "Helicone-Session-Id", who.session());
    property(json, "Project", who.project());
    property(json, "Caller", who.caller());
    property(json, "Revision", item.revision());
    property(json, "Cost-Usd", item.record().cost().map(SinkLine::dollars).orElse(null));
    for (Map.Entry<String, String> tag : new TreeMap<>(who.tags()).entrySet()) {
      property(json, "Tag-" + tag.getKey(), tag.getValue());
    }
  }

  private static void property(
      JsonGenerator json, String name, @org.jspecify.annotations.Nullable Object value)
      throws IOException {
    SinkLine.text(json, "Helicone-Property-" + name, value);
  }

  private static void answer(JsonGenerator json, Usage usage) throws IOException {
    SinkLine.text(json, "id", usage.details().responseId());
    json.writeStringField(
        "model", usage.responseModel() == null ? usage.model() : usage.responseModel());
    TokenUsage tokens = usage.tokens();
    if (tokens != null) {
      json.writeObjectFieldStart("usage");
      json.writeNumberField("prompt_tokens", tokens.input());
      json.writeNumberField("completion_tokens", tokens.output());
      json.writeNumberField("total_tokens", tokens.total());
      json.writeEndObject();
    }
  }

  private static void time(JsonGenerator json, String name, Instant at) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("seconds", at.getEpochSecond());
    json.writeNumberField("milliseconds", at.getNano() / MILLION);
    json.writeEndObject();
  }

  @Override
  public void close() {
    // the client has no threads once it is not used
  }
}
