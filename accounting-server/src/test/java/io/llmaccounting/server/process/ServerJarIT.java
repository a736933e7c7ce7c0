package io.llmaccounting.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar that operators get, each command a process of its own. */
class ServerJarIT {
  private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-Xmx128m");
  private static final String CANARY = "sk-upstream-canary-4711";

  @TempDir Path folder;

  private ServerJar.Ran run(String... arguments) throws IOException, InterruptedException {
    return ServerJar.run(folder, arguments);
  }

  @Test
  void commandsRunInAnEmptyFolder() throws Exception {
    Files.writeString(folder.resolve("key.txt"), "sk-upstream\n");

    ServerJar.Ran checked = run("check-config");
    ServerJar.Ran created = run("-q", "keys", "create", "laptop", "--limit", "requests=60/1m");
    ServerJar.Ran listed = run("keys", "list", "--format", "csv");
    ServerJar.Ran added = run("projects", "add-credential", "openai", "--file", "key.txt");

    assertThat(List.of(checked, created, listed, added)).allMatch(ran -> ran.exit() == 0);
    assertThat(created.out().strip()).matches("sk-acc-[A-Za-z0-9_-]{43}");
    assertThat(created.err()).isEmpty();
    assertThat(listed.out()).contains("laptop").doesNotContain(created.out().strip());
    assertThat(folder.resolve("llm-accounting.db")).exists();
    assertThat(folder.resolve("llm-accounting.db.sealing-key")).exists();
  }

  @Test
  void wrongSettingsEndWithTwo() throws Exception {
    Files.writeString(folder.resolve("llm-accounting-server.yaml"), "listen:\n  prot: 80\n");

    ServerJar.Ran ran = run();

    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err())
        .contains("llm-accounting-server.yaml:2: \"listen.prot\" is no setting", "'listen.port'?");
  }

  @Test
  void aStreamComesToItsEndWhileTheServerStopsAndNothingSecretIsLeftBehind() throws Exception {
    ProviderShape chat = ProviderShape.OPENAI_CHAT;
    Gate gate = new Gate();
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answering(chat.stream().waitingBefore(chat.textEvent() + 1, gate));
      Files.writeString(
          folder.resolve("llm-accounting-server.yaml"),
          """
          upstreams:
            openai:
              url: %s
              allow-private: true
          """
              .formatted(provider.uri()));
      Files.writeString(folder.resolve("key.txt"), CANARY + "\n");
      String key = run("-q", "keys", "create", "laptop").out().strip();
      assertThat(run("projects", "add-credential", "openai", "--file", "key.txt").exit()).isZero();
      Files.delete(folder.resolve("key.txt"));
      try (ServerJar server = ServerJar.start(folder, JVM, "run", "--port", "0")) {
        try (InputStream stream = asked(server.port(), key, chat)) {
          stream.readNBytes(20);
          gate.awaitReached();
          server.terminate();
          gate.open();

          assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
              .endsWith("data: [DONE]\n\n");
        }
        assertThat(server.ended().err()).contains("stopping", "stopped");
      }

      assertThat(provider.requests().get(0).headers())
          .containsEntry("authorization", "Bearer " + CANARY);
      isNowhere(CANARY, key, "What a secret prompt");
    }
  }

  @Test
  @Timeout(300)
  void aServerThatIsToldToStopSaysSoAndTakesRequestsUntilItIsToldAgain() throws Exception {
    ProviderShape chat = ProviderShape.OPENAI_CHAT;
    try (FakeProvider provider = FakeProvider.start()) {
      Files.writeString(
          folder.resolve("llm-accounting-server.yaml"),
          """
          notice: 1h
          upstreams:
            openai: {url: "%s", allow-private: true, auth: none}
          """
              .formatted(provider.uri()));
      String key = run("-q", "keys", "create", "laptop").out().strip();
      try (ServerJar server = ServerJar.start(folder, JVM, "run", "--port", "0")) {
        int port = server.port();
        assertThat(status(port, "/health/ready")).isEqualTo(200);

        server.terminate();

        while (status(port, "/health/ready") == 200) {
          LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertThat(status(port, "/health/ready")).isEqualTo(503);
        assertThat(status(port, "/health/live")).isEqualTo(200);
        try (InputStream stream = asked(port, key, chat)) {
          assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
              .endsWith("data: [DONE]\n\n");
        }

        server.terminate();

        assertThat(server.ended().err()).contains("not ready", "told again to stop", "stopped");
      }
    }
  }

  /** On a connection of its own, as balancers ask. */
  private static int status(int port, String page) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + page)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static InputStream asked(int port, String key, ProviderShape chat) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + chat.path(true)))
                .header("Authorization", "Bearer " + key)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        chat.request("What a secret prompt", 100, true)))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream())
        .body();
  }

  private void isNowhere(String... secrets) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!file.getFileName().toString().startsWith("out")) {
          assertThat(text).as(file.toString()).doesNotContain(secrets);
        }
      }
    }
  }
}
