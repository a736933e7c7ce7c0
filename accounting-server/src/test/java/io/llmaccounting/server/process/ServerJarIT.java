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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that operators get, each command a process of its own. */
class ServerJarIT {
  private static final Path JAR = Path.of("target", "llm-accounting-server.jar").toAbsolutePath();
  private static final long PATIENCE_SECONDS = 300;
  private static final String CANARY = "sk-upstream-canary-4711";

  @TempDir Path folder;

  private record Ran(int exit, String out, String err) {}

  private Ran run(String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process = start(out, err, arguments);
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ran(process.waitFor(), Files.readString(out), Files.readString(err));
  }

  private Process start(Path out, Path err, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LLM_ACCOUNTING"));
    return builder.start();
  }

  @Test
  void commandsRunInAnEmptyFolder() throws Exception {
    Files.writeString(folder.resolve("key.txt"), "sk-upstream\n");

    Ran checked = run("check-config");
    Ran created = run("-q", "keys", "create", "laptop", "--limit", "requests=60/1m");
    Ran listed = run("keys", "list", "--format", "csv");
    Ran added = run("projects", "add-credential", "openai", "--file", "key.txt");

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

    Ran ran = run();

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
      Path out = folder.resolve("server-out.txt");
      Path err = folder.resolve("server-err.txt");
      Process server = start(out, err, "run", "--port", "0");
      try (InputStream stream = asked(listening(server, out), key, chat)) {
        stream.readNBytes(20);
        gate.awaitReached();
        server.destroy();
        gate.open();

        assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
            .endsWith("data: [DONE]\n\n");
      } finally {
        assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      }

      assertThat(provider.requests().get(0).headers())
          .containsEntry("authorization", "Bearer " + CANARY);
      assertThat(Files.readString(err)).contains("stopping", "stopped");
      isNowhere(CANARY, key, "What a secret prompt");
    }
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

  /** The port that the server says it listens on, once it does. */
  private static int listening(Process server, Path out) throws Exception {
    Pattern address = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end && server.isAlive()) {
      Matcher said = address.matcher(Files.readString(out));
      if (said.find()) {
        return Integer.parseInt(said.group(1));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    throw new AssertionError("the server does not listen");
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
