package io.llmaccounting.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.usage.TimeRange;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many slow streams at once through the jar; 2,000 of them by the profile durability. */
class SlowStreamsIT {
  private static final Logger LOG = LoggerFactory.getLogger(SlowStreamsIT.class);
  private static final int STREAMS = Integer.getInteger("llm.accounting.test.streams", 100);
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("llm.accounting.test.streamSeconds", 3));
  private static final long PATIENCE_SECONDS = 300;
  private static final String QUESTION =
      "{\"model\":\"gpt-5-mini\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final SlowProvider provider = new SlowProvider(vertx, Duration.ofSeconds(1), TIME);
  private final HttpClient client =
      vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(STREAMS));

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  @Test
  void eachIsCompleteAndRecordedAndItsFirstEventIsNotHeldBack() throws Exception {
    Files.writeString(
        folder.resolve("llm-accounting-server.yaml"),
        """
        upstreams:
          openai: {url: "http://127.0.0.1:%d", allow-private: true, auth: none}
        """
            .formatted(await(provider.listen())));
    String key = ServerJar.run(folder, "-q", "keys", "create", "laptop").out().strip();
    try (ServerJar server = ServerJar.start(folder, List.of("-Xmx512m"), "run", "--port", "0")) {
      List<Future<String>> streams = new ArrayList<>();
      List<Future<Void>> begun = new ArrayList<>();
      int port = server.port();
      for (int i = 0; i < STREAMS; i++) {
        Promise<Void> first = Promise.promise();
        begun.add(first.future());
        streams.add(stream(port, key, first));
      }
      // the second event of any is sent only now that all have their first
      await(Future.all(begun));
      long handles = server.handles();
      provider.goOn();
      await(Future.all(streams));
      long most = server.mostMemory();
      server.terminate();

      assertThat(streams).allMatch(stream -> stream.result().equals(provider.text()));
      assertThat(server.ended().err()).contains("stopped").doesNotContain("OutOfMemory");
      // the heap, and what a JVM has beside it
      assertThat(most).isLessThan(512 + 128);
      LOG.info("{} streams at once: {} MiB of memory, {} handles", STREAMS, most, handles);
    }
    requireRecords();
  }

  private Future<String> stream(int port, String key, Promise<Void> first) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/chat/completions")
                .addHeader("Authorization", "Bearer " + key))
        .compose(request -> request.send(QUESTION))
        .compose(
            answer -> {
              StringBuilder text = new StringBuilder();
              answer.handler(
                  piece -> {
                    text.append(piece);
                    if (text.indexOf("\n\n") >= 0) {
                      first.tryComplete();
                    }
                  });
              return answer.end().map(end -> text.toString());
            })
        .onFailure(first::tryFail);
  }

  private void requireRecords() {
    try (LlmAccounting accounting =
        LlmAccounting.create(SqliteBackend.open(folder.resolve("llm-accounting.db")))) {
      var total = accounting.report(TimeRange.always()).run().total();
      assertThat(total.calls()).isEqualTo(STREAMS);
      assertThat(total.tokens().output()).isEqualTo((long) STREAMS * provider.tokens());
      assertThat(accounting.admin().verify().isClean()).isTrue();
    }
  }
}
