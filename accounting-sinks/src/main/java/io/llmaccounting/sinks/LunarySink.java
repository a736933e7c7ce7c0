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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Sends each call to Lunary as a run with a start and an end, by {@code POST /v1/runs/ingest}, as
 * its <a
 * href="https://github.com/lunary-ai/lunary/blob/main/packages/backend/src/api/v1/runs/ingest.ts">server</a>
 * takes it. A run has the id of the record; that one exists already is no error of ours. Lunary
 * works costs out itself, from its own prices; ours is in the metadata. Safe for use by many
 * threads.
 */
public final class LunarySink implements Sink {
  private static final String EXISTS = "already exists";

  private final String name;
  private final HttpPost post;

  /**
   * Sends to a server of Lunary.
   *
   * @param name the sink's name
   * @param server its address, such as {@code https://api.lunary.ai}
   * @param key the public key of the project there
   * @param timeout how long to wait for an answer
   */
  public LunarySink(String name, URI server, String key, Duration timeout) {
    this.name = Objects.requireNonNull(name, "name is required, was null");
    this.post =
        new HttpPost(
            server.resolve("/v1/runs/ingest"),
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
    byte[] body =
        SinkLine.document(
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("events");
              for (OutboxItem item : batch) {
                start(json, item);
                end(json, item);
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    return post.send(body, Map.of(), LunarySink::outcome);
  }

  private static Delivery outcome(String answer) {
    Map<UUID, String> refused = new HashMap<>();
    for (Map<String, String> result : JsonAnswer.list(answer, "results")) {
      String error = result.getOrDefault("error", "refused without a reason");
      String id = result.getOrDefault("id", "");
      boolean isRefused = "false".equals(result.get("success")) && !error.contains(EXISTS);
      if (isRefused && id.matches("[0-9a-f-]{36}")) {
        refused.put(UUID.fromString(id), error);
      }
    }
    return Delivery.takenBut(refused);
  }

  private static void begin(JsonGenerator json, Usage usage, String event, Object time)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "llm");
    json.writeStringField("event", event);
    json.writeStringField("runId", usage.id().toString());
    json.writeStringField("timestamp", time.toString());
    json.writeStringField("name", usage.model());
    SinkLine.text(json, "userId", usage.attribution().user());
  }

  private static void start(JsonGenerator json, OutboxItem item) throws IOException {
    Usage usage = item.record().current();
    begin(json, usage, "start", CallTimes.of(usage).start());
    json.writeEndObject();
  }

  private static void end(JsonGenerator json, OutboxItem item) throws IOException {
    Usage usage = item.record().current();
    boolean failed = usage.outcome() == Outcome.FAILED;
    begin(json, usage, failed ? "error" : "end", CallTimes.of(usage).end());
    TokenUsage tokens = usage.tokens();
    if (tokens != null) {
      json.writeObjectFieldStart("tokensUsage");
      json.writeNumberField("prompt", tokens.input());
      json.writeNumberField("completion", tokens.output());
      json.writeEndObject();
    }
    if (failed) {
      json.writeObjectFieldStart("error");
      String type = usage.details().errorType();
      json.writeStringField("message", type == null ? "failed" : type);
      json.writeEndObject();
    }
    metadata(json, item);
    json.writeEndObject();
  }

  private static void metadata(JsonGenerator json, OutboxItem item) throws IOException {
    Attribution who = item.record().usage().attribution();
    json.writeObjectFieldStart("metadata");
    SinkLine.text(json, "project", who.project());
    SinkLine.text(json, "caller", who.caller());
    SinkLine.text(json, "session", who.session());
    SinkLine.text(json, "cost_usd", item.record().cost().map(SinkLine::dollars).orElse(null));
    json.writeNumberField("revision", item.revision());
    for (Map.Entry<String, String> tag : new TreeMap<>(who.tags()).entrySet()) {
      json.writeStringField("tag_" + tag.getKey(), tag.getValue());
    }
    json.writeEndObject();
  }

  @Override
  public void close() {
    // the client has no threads once it is not used
  }
}
