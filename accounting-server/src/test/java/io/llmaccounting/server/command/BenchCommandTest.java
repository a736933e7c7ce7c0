package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.server.bench.Gateways;
import io.llmaccounting.server.config.CacheSettings;
import io.llmaccounting.server.gateway.Gateway;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures a gateway that runs, and the provider behind it, which stands in. */
class BenchCommandTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final LlmAccounting accounting = LlmAccounting.builder(InMemoryBackend.create()).build();
  private Commands commands;
  private Gateway gateway;
  private int provider;

  @BeforeEach
  void run() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      provider = free.getLocalPort();
    }
    gateway =
        Gateways.start(
            vertx, "local", provider, accounting, new CacheSettings(Duration.ofHours(1), 1L << 20));
    commands = new Commands(folder);
    Files.writeString(
        folder.resolve("llm-accounting-server.yaml"),
        """
        listen: {port: %d}
        upstreams:
          local: {url: "http://127.0.0.1:%d", allow-private: true, auth: none}
        """
            .formatted(gateway.port(), provider));
    commands.environment.put("LLM_ACCOUNTING_KEY", "sk-acc-x");
  }

  @AfterEach
  void stop() {
    gateway.stop(Duration.ofSeconds(20)).toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    accounting.close();
  }

  @Test
  void bothWaysAreMeasuredAndWhatGoesThroughTheServerIsRecorded() {
    JsonArray rows = commands.objects("bench", "--upstream", "local", "--for", "1s");

    assertThat(rows.stream().map(row -> ((JsonObject) row).getString("way")))
        .containsExactly("provider alone", "through the server");
    for (Object row : rows) {
      JsonObject figures = (JsonObject) row;
      assertThat(figures.getLong("failed")).isZero();
      assertThat(figures.getDouble("per_second")).isPositive();
      assertThat(figures.getDouble("p99_ms")).isGreaterThanOrEqualTo(figures.getDouble("p50_ms"));
    }
    long warmUpToo = accounting.health().counts().recorded();
    assertThat(warmUpToo).isGreaterThan(rows.getJsonObject(1).getLong("answered"));
  }

  @Test
  void whatIsMeasuredIsTheProviderAndNeverAnswersThatAreGivenAgain() {
    commands.done("bench", "--upstream", "local", "--for", "1s", "--rate", "10");

    assertThat(accounting.tail(UsageFilter.all(), 100))
        .isNotEmpty()
        .noneMatch(record -> record.usage().extras().containsKey(Usage.FROM_CACHE));
  }

  @Test
  void aRateIsKeptWhateverTheAnswersTake() {
    JsonArray rows =
        commands.objects("bench", "--upstream", "local", "--for", "2s", "--rate", "50");

    assertThat(rows.getJsonObject(1).getLong("answered")).isEqualTo(100);
  }

  @Test
  void whatFailsIsCountedAndToldAndEndsWithOne() {
    Commands.Ran ran =
        commands.run(
            "--format",
            "json",
            "bench",
            "--upstream",
            "local",
            "--for",
            "1s",
            "--rate",
            "5",
            "--url",
            "http://127.0.0.1:1");

    JsonObject through = ran.exits(Exit.FAILED).objects().getJsonObject(1);
    assertThat(through.getLong("failed")).isEqualTo(5);
    assertThat(through.getString("failure")).contains("refused");
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(commands.run("bench", "--for", "1h").exits(Exit.USAGE).err()).contains("10m");
    assertThat(commands.run("bench", "--clients", "0").exits(Exit.USAGE).err()).contains("10000");
    assertThat(commands.run("bench").exits(Exit.USAGE).err()).contains("no upstream \"bench\"");
  }
}
