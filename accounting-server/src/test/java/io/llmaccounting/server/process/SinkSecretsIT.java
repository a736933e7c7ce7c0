package io.llmaccounting.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What sinks are given to keep is told by nobody, whatever goes wrong. */
class SinkSecretsIT {
  private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-Xmx128m");
  private static final String SIGNING = "whsec_Q2FuYXJ5T2ZUaGVXZWJob29rU2VjcmV0NDcxMQ==";
  private static final String QUERY = "canary-of-the-query";
  private static final String SERVICE = "canary-of-the-service";
  private static final String HASHING = "canary-of-the-users";

  @TempDir Path folder;

  private void settings(int nobody) throws IOException {
    Files.writeString(folder.resolve("service.txt"), SERVICE + "\n");
    Files.writeString(
        folder.resolve("llm-accounting-server.yaml"),
        """
        notice: 0s
        log: {level: debug}
        sinks:
          hook: {kind: webhook, url: "http://127.0.0.1:%1$d/usage?token=%2$s", key: "%3$s"}
          tracing: {kind: helicone, url: "http://127.0.0.1:%1$d", key-file: service.txt, users: hash, users-key: %4$s}
        """
            .formatted(nobody, QUERY, SIGNING, HASHING));
  }

  private static int recorded(int port, String key) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/meter/events"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"events\": [{\"model\": \"m\", \"user\": \"alice\"}]}"))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  @Timeout(600)
  void neitherLogsNorSettingsInForceShowSecrets() throws Exception {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    settings(nobody);

    ServerJar.Ran checked = ServerJar.run(folder, "check-config");
    ServerJar.Ran printed = ServerJar.run(folder, "print-config");
    ServerJar.Ran ran;
    try (ServerJar server = ServerJar.start(folder, JVM, "run", "--port", "0")) {
      int port = server.port();
      String key =
          ServerJar.run(folder, "-q", "keys", "create", "batch", "--role", "ingest").out().strip();
      assertThat(recorded(port, key)).isEqualTo(200);
      while (!server.err().contains("sink hook takes nothing")
          || !server.err().contains("sink tracing takes nothing")) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
      server.terminate();
      ran = server.ended();
    }

    assertThat(checked.exit()).as(checked.err()).isZero();
    assertThat(printed.out())
        .contains("sinks.hook.key", "sinks.tracing.users-key", "/usage?***", "service.txt");
    assertThat(ran.err()).contains("sink hook of kind WEBHOOK", "sink tracing of kind", "stopped");
    for (String said : List.of(checked.err(), printed.out(), printed.err(), ran.out(), ran.err())) {
      assertThat(said).doesNotContain(SIGNING, QUERY, SERVICE, HASHING);
    }
  }
}
