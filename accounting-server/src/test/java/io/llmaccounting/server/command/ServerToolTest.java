package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.server.config.SettingSources;
import io.llmaccounting.server.config.SettingsReader;
import io.llmaccounting.server.process.DatabaseStores;
import io.llmaccounting.server.process.Front;
import io.llmaccounting.server.process.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the application reads what is typed, and what its commands say. */
class ServerToolTest {
  @TempDir Path folder;
  private Commands commands;

  @BeforeEach
  void prepare() {
    commands = new Commands(folder);
  }

  @Test
  void withoutACommandItRuns() {
    assertThat(commands.run().exits(Exit.FAILED).err()).contains("nothing listens in this test");
    assertThat(commands.run("--port", "0", "-q").exits(Exit.FAILED).err())
        .contains("nothing listens in this test");
    assertThat(folder.resolve("llm-accounting.db")).exists();
  }

  @Test
  void helpListsWhatThereIs() {
    assertThat(commands.done("--help").out())
        .contains("Who may call:", "keys", "rotate-secrets", "--config");
    assertThat(commands.done("help", "keys", "create").out())
        .contains("--limit", "Examples:", "Options of every command:");
    assertThat(commands.run("kyes").exits(Exit.USAGE).err()).contains("Did you mean 'keys'?");
    assertThat(commands.run("--quiet", "kyes").exits(Exit.USAGE).err())
        .contains("Did you mean 'keys'?");
    assertThat(commands.run("--prot", "8183").exits(Exit.USAGE).err())
        .contains("Did you mean '--port'?");
    assertThat(commands.run("--prot=8183").exits(Exit.USAGE).err())
        .contains("Did you mean '--port'?");
    assertThat(commands.done("--version").out()).startsWith("llm-accounting-server");
  }

  @Test
  void wrongSettingsAreToldAllAtOnce() throws IOException {
    Files.writeString(folder.resolve("my.yaml"), "lisen: {port: 1}\ndrain: soon\n");

    Commands.Ran ran = commands.run("--config", "my.yaml", "check-config").exits(Exit.USAGE);

    assertThat(ran.err())
        .contains("the settings have 2 faults")
        .contains("  my.yaml:1: \"lisen\" is no setting. Did you mean 'listen'?\n")
        .contains("  my.yaml:2: drain must be a duration");
  }

  @Test
  void settingsInForceAreShownWithoutSecrets() {
    commands.environment.put("OPENAI_API_KEY", "sk-canary-0123456789");

    String out = commands.done("print-config", "--given", "--set", "drain=2m").out();

    assertThat(out).contains("upstreams.openai.credential", "OPENAI_API_KEY", "***", "2m");
    assertThat(out).doesNotContain("canary").doesNotContain("listen.port");
  }

  @Test
  void aDatabaseIsMadeByMigrate() {
    assertThat(commands.object("migrate", "--dry-run").getString("status")).isEqualTo("pending");
    assertThat(folder.resolve("llm-accounting.db")).doesNotExist();
    assertThat(commands.object("migrate").getString("status")).isEqualTo("created");
    assertThat(commands.object("migrate").getString("status")).isEqualTo("current");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keys list",
        "keys show laptop",
        "keys revoke laptop",
        "projects list",
        "projects list-credentials",
        "rotate-secrets"
      })
  void aCommandThatReadsMakesNoDatabase(String typed) {
    assertThat(commands.run(typed.split(" ")).exits(Exit.FAILED).err())
        .contains("there is no database", "'migrate', 'run' and 'keys create' make it");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileOrFolderThatIsNoDatabaseIsToldAsWhatItIs() throws IOException {
    Files.writeString(folder.resolve("letter.txt"), "Dear Sir or Madam, this is no database.");

    assertThat(commands.run("--db", "letter.txt", "keys", "list").exits(Exit.FAILED).err())
        .contains("is no SQLite database", "Check --db")
        .doesNotContain("migrate");
    assertThat(commands.run("--db", ".", "keys", "create", "x").exits(Exit.FAILED).err())
        .contains("is a folder; choose a file in it")
        .doesNotContain("migrate");
  }

  @Test
  void upstreamsAreListedAndTestedWithoutADatabaseToo() {
    assertThat(commands.objects("upstreams", "list")).hasSize(8);
    assertThat(commands.done("upstreams", "test").err()).contains("No upstream has a credential");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void upstreamsAreListedWithoutTheirCredentials() {
    commands.environment.put("XAI_API_KEY", "xai-canary-0123456789");

    List<JsonObject> all = new ArrayList<>();
    commands.objects("upstreams", "list").forEach(one -> all.add((JsonObject) one));

    assertThat(all).hasSize(8);
    assertThat(all)
        .filteredOn(one -> one.getString("credential").equals("settings"))
        .singleElement()
        .asString()
        .contains("\"name\":\"xai\"")
        .doesNotContain("canary");
  }

  @Test
  void anUpstreamIsAskedForItsModels() throws IOException {
    AtomicReference<String> asked = new AtomicReference<>("");
    HttpServer server = listening(200, "{}", asked);
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      commands.environment.put("LLM_ACCOUNTING_UPSTREAMS_MINE_URL", url);
      commands.environment.put("LLM_ACCOUNTING_UPSTREAMS_MINE_CREDENTIAL", "sk-mine");
      commands.environment.put("LLM_ACCOUNTING_UPSTREAMS_MINE_ALLOW_PRIVATE", "true");

      JsonObject result = commands.objects("upstreams", "test").getJsonObject(0);

      assertThat(result.getString("result")).isEqualTo("well");
      assertThat(asked.get()).isEqualTo("GET /v1/models Bearer sk-mine ");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aQuestionIsAskedThroughTheServer() throws IOException {
    AtomicReference<String> asked = new AtomicReference<>("");
    String answer =
        "data: {\"model\":\"gpt-5-mini\",\"choices\":[{\"delta\":{\"content\":\"He\"}}]}\n\n"
            + "data: {\"choices\":[{\"delta\":{\"content\":\"llo\\u001b[31m\"}}]}\n\n"
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":10}}\n\n"
            + "data: [DONE]\n\n";
    HttpServer server = listening(200, answer, asked);
    try {
      commands.environment.put("LLM_ACCOUNTING_KEY", "sk-acc-1");

      Commands.Ran ran =
          commands.done(
              "chat", "--url", "http://127.0.0.1:" + server.getAddress().getPort(), "Hi there");

      assertThat(ran.out()).isEqualTo("Hello\\u001b[31m\n");
      assertThat(ran.err()).contains("1,000 tokens in, 10 tokens out; $0.0", "left: month=4.5");
      assertThat(asked.get())
          .startsWith("POST /v1/chat/completions Bearer sk-acc-1 {")
          .contains("Hi there", "include_usage");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRefusalEndsWithItsCode() throws IOException {
    AtomicReference<String> asked = new AtomicReference<>("");
    HttpServer server = listening(429, "{\"error\":{\"message\":\"month is spent\"}}", asked);
    try {
      commands.environment.put("LLM_ACCOUNTING_KEY", "sk-acc-1");
      String url = "http://127.0.0.1:" + server.getAddress().getPort();

      assertThat(commands.run("chat", "--url", url, "Hi").exits(Exit.DENIED).err())
          .contains("the server answered 429: month is spent");
    } finally {
      server.stop(0);
    }
    commands.environment.remove("LLM_ACCOUNTING_KEY");
    assertThat(commands.run("chat", "Hi").exits(Exit.USAGE).err()).contains("no key was given");
  }

  private static HttpServer listening(int status, String answer, AtomicReference<String> asked)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.set(
              "%s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization"),
                      new String(
                          exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("X-Accounting-Remaining", "month=4.5");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void aServerStartsAndStopsInOrder() {
    List<String> events = new ArrayList<>();
    Front front =
        parts -> {
          events.add("open on " + Path.of(parts.settings().store().place()).getFileName());
          return new Front.Open() {
            @Override
            public int port() {
              return 1234;
            }

            @Override
            public void announceStop() {
              events.add("not ready");
            }

            @Override
            public void stop(Duration drain) {
              events.add(
                  "stop within " + drain + ", well: " + parts.accounting().health().isWell());
            }
          };
        };
    var settings =
        SettingsReader.read(new SettingSources(Map.of("notice", "1h"), Map.of(), null, folder))
            .settings();

    ServerProcess server =
        ServerProcess.start(settings, new DatabaseStores(), front, commands.clock);
    server.hurry();
    server.close();
    server.close();

    assertThat(events)
        .containsExactly("open on llm-accounting.db", "not ready", "stop within PT5M, well: true");
  }

  @Test
  void whatDoesNotOpenCountsAsNotThereForWhatComesNext() throws IOException {
    commands.runWith("sk-x", "projects", "add-credential", "openai").exits(Exit.DONE);
    commands.runWith("sk-y", "projects", "add-credential", "xai").exits(Exit.DONE);
    var settings =
        SettingsReader.read(new SettingSources(Map.of("notice", "0s"), Map.of(), null, folder))
            .settings();
    Front silent =
        parts ->
            new Front.Open() {
              @Override
              public int port() {
                return 1234;
              }

              @Override
              public void announceStop() {
                // nobody asks
              }

              @Override
              public void stop(Duration drain) {
                // nothing is under way
              }
            };

    try (ServerProcess server =
        ServerProcess.start(settings, new DatabaseStores(), silent, commands.clock)) {
      assertThat(server.credentials()).hasSize(2);
    }
    Files.delete(folder.resolve("llm-accounting.db.sealing-key"));
    try (ServerProcess server =
        ServerProcess.start(settings, new DatabaseStores(), silent, commands.clock)) {
      assertThat(server.credentials()).isEmpty();
    }
  }
}
