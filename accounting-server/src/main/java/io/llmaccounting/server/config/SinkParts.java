package io.llmaccounting.server.config;

import io.llmaccounting.sinks.HeliconeSink;
import io.llmaccounting.sinks.JsonLinesSink;
import io.llmaccounting.sinks.LangfuseSink;
import io.llmaccounting.sinks.LunarySink;
import io.llmaccounting.sinks.OtlpSink;
import io.llmaccounting.sinks.Sink;
import io.llmaccounting.sinks.WebhookSink;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sink is made of; what its kind needs is there once it was found complete.
 *
 * @param name its name
 * @param folder where files lie
 * @param fileSize a file of so many bytes is full
 * @param url where to
 * @param key the secret of the webhook, or what the service wants
 * @param former the secret of the webhook before
 * @param publicKey the public half of the key
 * @param service the name in spans
 */
record SinkParts(
    String name,
    @Nullable Path folder,
    @Nullable Long fileSize,
    @Nullable URI url,
    @Nullable Secret key,
    @Nullable Secret former,
    @Nullable String publicKey,
    @Nullable String service) {

  /** The same with this one key only. */
  SinkParts with(@Nullable Secret one) {
    return new SinkParts(name, folder, fileSize, url, one, null, publicKey, service);
  }

  /** Makes the sink, which connects to nobody yet. */
  Sink sink(SinkKind kind, Duration timeout) {
    return switch (kind) {
      case JSON_LINES -> new JsonLinesSink(name, there(folder), there(fileSize));
      case WEBHOOK -> webhook(timeout);
      case OTLP -> new OtlpSink(name, there(url), headers(), there(service), timeout);
      case LANGFUSE -> new LangfuseSink(name, there(url), there(publicKey), secret(), timeout);
      case HELICONE -> new HeliconeSink(name, there(url), secret(), timeout);
      case LUNARY -> new LunarySink(name, there(url), secret(), timeout);
    };
  }

  private Sink webhook(Duration timeout) {
    List<String> secrets = former == null ? List.of(secret()) : List.of(secret(), former.reveal());
    return new WebhookSink(name, there(url), secrets, timeout);
  }

  private Map<String, String> headers() {
    return key == null ? Map.of() : Map.of("Authorization", secret());
  }

  private String secret() {
    return there(key).reveal();
  }

  private static <T> T there(@Nullable T value) {
    return Objects.requireNonNull(value, "the sink was not found complete");
  }
}
