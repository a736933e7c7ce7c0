package io.llmaccounting.server;

import static io.llmaccounting.server.RunningServer.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.sinks.WebhookSignature;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server on SQLite passes on what it recorded, and says how that stands. */
@Timeout(300)
class ServerSinksTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir Path folder;
  private SinkReceiver receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = new SinkReceiver();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private RunningServer server() throws IOException {
    return new RunningServer(
        folder,
        """
        sinks:
          files: {kind: json-lines, folder: usage}
          hook:
            kind: webhook
            url: %s
            key: %s
            users: drop
        """
            .formatted(receiver.url(), SECRET));
  }

  /** The ids of all lines in the files. */
  private List<String> lines() {
    if (!Files.exists(folder.resolve("usage"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder.resolve("usage"))) {
      return files
          .map(ServerSinksTest::text)
          .flatMap(text -> SinkReceiver.ids(text).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSettled(JsonObject sink, long delivered) {
    return sink.getLong("delivered", -1L) == delivered && sink.getLong("waiting") == 0;
  }

  @Test
  void whatIsRecordedComesToFilesAndToAWebhook() throws Exception {
    try (RunningServer server = server()) {
      until(
          () ->
              server.sink("hook").containsKey("waiting")
                  && server.sink("files").getBoolean("here"));
      server.record("a", 3);

      until(() -> lines().size() >= 3 && receiver.ids().size() >= 3);
      until(() -> isSettled(server.sink("files"), 3) && isSettled(server.sink("hook"), 3));
      assertThat(server.sink("hook").getString("status")).isEqualTo("well");
      assertThat(server.sink("hook").getInteger("lag")).isZero();
      assertThat(server.sink("hook").getInteger("dead_letters")).isZero();
      assertThat(server.metrics())
          .contains(
              "llm_accounting_sink_delivered_total{sink=\"files\"} 3.0",
              "llm_accounting_sink_delivered_total{sink=\"hook\"} 3.0",
              "llm_accounting_sink_waiting{sink=\"hook\"} 0.0",
              "llm_accounting_sink_lag_seconds{sink=\"hook\"} 0.0",
              "llm_accounting_sink_failing{sink=\"hook\"} 0.0");
    }
    assertThat(lines()).hasSize(3).doesNotHaveDuplicates();
    assertThat(receiver.ids()).containsExactlyInAnyOrderElementsOf(lines());
    assertThat(text(folder.resolve("usage").toFile().listFiles()[0].toPath())).contains("alice");
    for (SinkReceiver.Post post : receiver.taken) {
      Instant sent =
          Instant.ofEpochSecond(Long.parseLong(post.headers().getFirst("webhook-timestamp")));
      assertThat(WebhookSignature.isGenuine(SECRET, post.headers()::getFirst, post.body(), sent))
          .isTrue();
      assertThat(new String(post.body(), StandardCharsets.UTF_8)).doesNotContain("alice");
    }
  }

  @Test
  void aReceiverThatIsAwayIsToldAndGetsEverythingFromTheNextServer() throws Exception {
    receiver.status = 503;
    try (RunningServer server = server()) {
      until(() -> server.sink("hook").containsKey("waiting"));
      server.record("a", 3);

      until(
          () ->
              server.sink("hook").getString("status").equals("failing")
                  && server.sink("hook").getLong("waiting", 0L) == 3);
      assertThat(server.sink("hook").getString("error")).contains("503");
      assertThat(server.sink("hook").getDouble("lag")).isPositive();
      assertThat(server.metrics())
          .contains(
              "llm_accounting_sink_failing{sink=\"hook\"} 1.0",
              "llm_accounting_sink_waiting{sink=\"hook\"} 3.0")
          .doesNotContain("llm_accounting_sink_last_error_seconds{sink=\"hook\"} 0.0");
      until(() -> lines().size() == 3);
      assertThat(server.sink("files").getString("status")).isEqualTo("well");
      assertThat(
              server
                  .health(server.key(AccessTerms.named("a project's").withProject("apollo")))
                  .fieldNames())
          .as("a key of a project learns nothing of sinks")
          .containsExactlyInAnyOrder("status", "at", "store");
    }
    assertThat(receiver.ids()).isEmpty();

    receiver.status = 204;
    try (RunningServer next = server()) {
      until(() -> receiver.ids().size() >= 3 && isSettled(next.sink("hook"), 3));
      assertThat(next.sink("hook").getString("error")).isNull();
    }

    assertThat(receiver.ids()).hasSize(3).doesNotHaveDuplicates();
    assertThat(lines()).hasSize(3).containsExactlyInAnyOrderElementsOf(receiver.ids());
  }
}
