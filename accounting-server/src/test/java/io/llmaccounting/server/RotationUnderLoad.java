package io.llmaccounting.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.cli.console.Console;
import io.llmaccounting.server.command.ServerTool;
import io.llmaccounting.server.config.ServerSettings;
import io.llmaccounting.server.config.SettingSources;
import io.llmaccounting.server.config.SettingsReader;
import io.llmaccounting.server.process.DatabaseStores;
import io.llmaccounting.server.process.ServerProcess;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealing keys are rotated while a server works, which must notice and fail no request. */
abstract class RotationUnderLoad {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;
  private static final String CANARY = "sk-upstream-canary";
  private static final int CLIENTS = 4;
  private static final int BETWEEN = 40;

  @TempDir Path folder;
  private final FakeProvider provider = FakeProvider.start();
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
  private volatile boolean stopped;

  /** The settings of the database. */
  abstract String database();

  @AfterEach
  void close() {
    provider.close();
  }

  private String command(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            folder,
            Console.Terminal.NONE,
            InstantSource.system(),
            null);
    int exit = new ServerTool(console, new DatabaseStores(), new GatewayFront()).run(arguments);
    assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  private ServerSettings settings() throws Exception {
    Files.writeString(
        folder.resolve(SettingsReader.FILE),
        """
        listen: {port: 0}
        upstreams: {openai: {url: "%s", allow-private: true}}
        %s
        """
            .formatted(provider.uri(), database()));
    return SettingsReader.read(new SettingSources(Map.of(), Map.of(), null, folder)).settings();
  }

  /** Asks again and again, one request after the other. */
  private CompletableFuture<Void> ask(HttpRequest request) {
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenCompose(
            answer -> {
              statuses.add(answer.statusCode());
              return stopped ? CompletableFuture.completedFuture(null) : ask(request);
            });
  }

  private void areAnswered(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(statuses.poll(60, TimeUnit.SECONDS)).isEqualTo(200);
    }
  }

  @Test
  void noRequestFails() throws Exception {
    ServerSettings settings = settings();
    try (ServerProcess server =
        ServerProcess.start(
            settings, new DatabaseStores(), new GatewayFront(), InstantSource.system())) {
      String key = command("", "-q", "keys", "create", "laptop");
      command(CANARY + "\n", "projects", "add-credential", "openai");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + CHAT.path(false)))
              .header("Authorization", "Bearer " + key)
              .POST(HttpRequest.BodyPublishers.ofString(CHAT.request("Hi", 100, false)))
              .build();
      List<CompletableFuture<Void>> asked = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        asked.add(ask(request));
      }
      areAnswered(BETWEEN);
      for (int i = 0; i < 3; i++) {
        assertThat(command("", "--format", "csv", "rotate-secrets")).contains(",1,");
        areAnswered(BETWEEN);
      }
      stopped = true;
      CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    assertThat(statuses).allMatch(status -> status == 200);
    assertThat(provider.requests())
        .allMatch(sent -> ("Bearer " + CANARY).equals(sent.headers().get("authorization")));
  }
}
