package io.llmaccounting.sinks;

import io.llmaccounting.backend.OutboxItem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Posts batches to a URL of your own as {@code {"type": "usage.recorded", "timestamp": …, "data":
 * [records]}}, signed as {@link WebhookSignature} says. The header {@code webhook-id} is the same
 * each time the same batch is sent. 2xx means that it was taken; 400, 413 and 422 that some record
 * never will be; after all else it comes again. Safe for use by many threads.
 */
public final class WebhookSink implements Sink {
  private final String name;
  private final List<String> secrets;
  private final InstantSource clock;
  private final HttpPost post;

  /**
   * Posts to a URL.
   *
   * @param name the sink's name
   * @param url where to, https outside of your own network
   * @param secrets one secret, or two while receivers change from one to the other; each {@code
   *     whsec_} and at least 24 bytes in Base64
   * @param timeout how long to wait for an answer
   */
  public WebhookSink(String name, URI url, List<String> secrets, Duration timeout) {
    this(name, url, secrets, timeout, SinkClock.SYSTEM);
  }

  /** Posts to a URL, with times by a clock. */
  public WebhookSink(
      String name, URI url, List<String> secrets, Duration timeout, InstantSource clock) {
    if (secrets.isEmpty() || secrets.size() > 2) {
      throw new IllegalArgumentException("secrets must be one or two, were " + secrets.size());
    }
    this.name = Objects.requireNonNull(name, "name is required, was null");
    this.secrets = secrets.stream().map(WebhookSignature::requireSecret).toList();
    this.clock = clock;
    this.post = new HttpPost(url, Map.of(), timeout, clock);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Delivery deliver(List<OutboxItem> batch) throws IOException, InterruptedException {
    long seconds = clock.instant().getEpochSecond();
    String id = id(batch);
    byte[] body =
        SinkLine.document(
            json -> {
              json.writeStartObject();
              json.writeStringField("type", "usage.recorded");
              json.writeStringField("timestamp", clock.instant().toString());
              json.writeArrayFieldStart("data");
              for (OutboxItem item : batch) {
                SinkLine.write(json, item);
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    return post.send(
        body,
        Map.of(
            "webhook-id",
            id,
            "webhook-timestamp",
            Long.toString(seconds),
            "webhook-signature",
            WebhookSignature.sign(secrets, id, seconds, body)),
        answer -> Delivery.taken());
  }

  private static String id(List<OutboxItem> batch) {
    String content =
        batch.stream()
            .map(item -> item.record().usage().id() + ":" + item.revision())
            .collect(Collectors.joining(","));
    return "msg_" + UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    // the client has no threads once it is not used
  }
}
