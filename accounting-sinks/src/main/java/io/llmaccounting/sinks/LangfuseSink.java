package io.llmaccounting.sinks;

import com.fasterxml.jackson.core.JsonGenerator;
import io.llmaccounting.backend.OutboxItem;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Sends each call to Langfuse as a trace with one generation, by its <a
 * href="https://api.reference.langfuse.com/#tag/ingestion">batch ingestion</a> ({@code POST
 * /api/public/ingestion}, as its <a
 * href="https://github.com/langfuse/langfuse/blob/main/fern/apis/server/definition/ingestion.yml">definition</a>
 * has it). Trace and generation have the id of the record, so that what comes twice, and better
 * figures, change them. The answer, 207, names single events that Langfuse will not take. Safe for
 * use by many threads.
 */
public final class LangfuseSink implements Sink {
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERRORS = 500;

  private final String name;
  private final HttpPost post;

  /**
   * Sends to a server of Langfuse.
   *
   * @param name the sink's name
   * @param server its address, such as {@code https://cloud.langfuse.com}
   * @param publicKey the public key of the project there
   * @param secretKey its secret key
   * @param timeout how long to wait for an answer
   */
  public LangfuseSink(
      String name, URI server, String publicKey, String secretKey, Duration timeout) {
    this.name = Objects.requireNonNull(name, "name is required, was null");
    String pair = publicKey + ":" + secretKey;
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    this.post =
        new HttpPost(
            server.resolve("/api/public/ingestion"),
            Map.of("Authorization", "Basic " + basic),
            timeout,
            SinkClock.SYSTEM);
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
              json.writeArrayFieldStart("batch");
              for (OutboxItem item : batch) {
                trace(json, item);
                generation(json, item);
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    return post.send(body, Map.of(), answer -> outcome(answer, batch));
  }

  private static Delivery outcome(String answer, List<OutboxItem> batch) {
    Map<String, UUID> events = new HashMap<>();
    for (OutboxItem item : batch) {
      events.put(event(item, "t"), item.record().usage().id());
      events.put(event(item, "g"), item.record().usage().id());
    }
    Map<UUID, String> refused = new HashMap<>();
    for (Map<String, String> error : JsonAnswer.list(answer, "errors")) {
      String status = error.getOrDefault("status", "400");
      String reason = "%s %s".formatted(status, error.getOrDefault("message", "")).strip();
      int code = status.matches("\\d{3}") ? Integer.parseInt(status) : 400;
      if (code >= SERVER_ERRORS || code == TOO_MANY || code == 401) {
        return Delivery.later(reason, null);
      }
      UUID id = events.get(error.getOrDefault("id", ""));
      if (id != null) {
        refused.put(id, reason);
      }
    }
    return Delivery.takenBut(refused);
  }

  private static String event(OutboxItem item, String kind) {
    return item.record().usage().id() + "-" + kind + item.revision();
  }

  private static void begin(JsonGenerator json, OutboxItem item, String kind, String type)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", event(item, kind));
    json.writeStringField("timestamp", item.record().settledAt().toString());
    json.writeStringField("type", type);
    json.writeObjectFieldStart("body");
    json.writeStringField("id", item.record().usage().id().toString());
  }

  private static void trace(JsonGenerator json, OutboxItem item) throws IOException {
    Usage usage = item.record().usage();
    Attribution who = usage.attribution();
    begin(json, item, "t", "trace-create");
    json.writeStringField("timestamp", usage.occurredAt().toString());
    json.writeStringField("name", usage.operation() == null ? "chat" : usage.operation());
    SinkLine.text(json, "userId", who.user());
    SinkLine.text(json, "sessionId", who.session());
    metadata(json, who);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void metadata(JsonGenerator json, Attribution who) throws IOException {
    json.writeObjectFieldStart("metadata");
    SinkLine.text(json, "project", who.project());
    SinkLine.text(json, "caller", who.caller());
    for (Map.Entry<String, String> tag : new TreeMap<>(who.tags()).entrySet()) {
      json.writeStringField("tag_" + tag.getKey(), tag.getValue());
    }
    json.writeEndObject();
  }

  private static void generation(JsonGenerator json, OutboxItem item) throws IOException {
    RecordedUsage record = item.record();
    Usage usage = record.current();
    CallTimes times = CallTimes.of(usage);
    begin(json, item, "g", item.revision() == 0 ? "generation-create" : "generation-update");
    json.writeStringField("traceId", usage.id().toString());
    json.writeStringField("name", usage.model());
    json.writeStringField("startTime", times.start().toString());
    json.writeStringField("endTime", times.end().toString());
    SinkLine.text(json, "completionStartTime", times.firstToken());
    json.writeStringField(
        "model", usage.responseModel() == null ? usage.model() : usage.responseModel());
    json.writeStringField("level", usage.outcome() == Outcome.FAILED ? "ERROR" : "DEFAULT");
    SinkLine.text(json, "statusMessage", usage.details().errorType());
    usage(json, record, usage.tokens());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void usage(
      JsonGenerator json,
      RecordedUsage record,
      @org.jspecify.annotations.Nullable TokenUsage tokens)
      throws IOException {
    if (tokens == null && record.cost().isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("usage");
    if (tokens != null) {
      json.writeNumberField("input", tokens.input());
      json.writeNumberField("output", tokens.output());
      json.writeNumberField("total", tokens.total());
      json.writeStringField("unit", "TOKENS");
    }
    if (record.cost().isPresent()) {
      json.writeFieldName("totalCost");
      json.writeNumber(SinkLine.dollars(record.cost().get()));
    }
    json.writeEndObject();
  }

  @Override
  public void close() {
    // the client has no threads once it is not used
  }
}
