package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.llmaccounting.cli.console.Exit;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upstreams whose credentials are stored, in the settings, or not needed. */
class UpstreamsTest {
  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private Commands commands;
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestURI().getPath().split("/")[1]
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    Files.writeString(
        folder.resolve("llm-accounting-server.yaml"),
        """
        upstreams:
          bare: {url: "http://127.0.0.1:PORT/bare", allow-private: true}
          free: {url: "http://127.0.0.1:PORT/free", allow-private: true, auth: none}
          kept: {url: "http://127.0.0.1:PORT/kept", allow-private: true}
          told: {url: "http://127.0.0.1:PORT/told", allow-private: true, credential: sk-told}
        default-upstream: kept
        """
            .replace("PORT", String.valueOf(server.getAddress().getPort())));
    commands = new Commands(folder);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void store(String secret, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "projects";
    all[1] = "add-credential";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    commands.runWith(secret, all).exits(Exit.DONE);
  }

  private static Map<String, String> credentials(JsonArray upstreams) {
    return upstreams.stream()
        .map(JsonObject.class::cast)
        .collect(
            Collectors.toMap(one -> one.getString("name"), one -> one.getString("credential")));
  }

  @Test
  void whereTheCredentialIsIsListed() {
    store("sk-kept", "kept");
    store("sk-apollo", "told", "--project", "apollo");

    assertThat(credentials(commands.objects("upstreams", "list")))
        .containsEntry("bare", "none")
        .containsEntry("free", "not-needed")
        .containsEntry("kept", "stored")
        .containsEntry("told", "settings")
        .containsEntry("openai", "none")
        .containsEntry("ollama", "not-needed");
    assertThat(commands.objects("upstreams", "list").toString()).contains("[\"apollo\"]");
  }

  @Test
  void allThatCanBeAskedAreTested() {
    store("sk-kept", "kept");

    commands.done("upstreams", "test");

    assertThat(asked).containsExactly("free null", "kept Bearer sk-kept", "told Bearer sk-told");
  }

  @Test
  void whatCallsOfAProjectAreSentWithIsTested() {
    store("sk-all", "told");
    store("sk-apollo", "told", "--project", "apollo");

    commands.done("upstreams", "test", "told");
    commands.done("upstreams", "test", "told", "--project", "apollo");

    assertThat(asked).containsExactly("told Bearer sk-all", "told Bearer sk-apollo");
  }

  @Test
  void aCredentialThatDoesNotOpenFailsAloneAndIsNamed() throws IOException {
    store("sk-kept", "kept");
    Files.delete(folder.resolve("llm-accounting.db.sealing-key"));

    String out = commands.run("upstreams", "test").exits(Exit.FAILED).out();

    assertThat(out).contains("credential \"main\" for kept");
    assertThat(asked).containsExactly("free null", "told Bearer sk-told");
  }

  @Test
  void aDefaultUpstreamWithoutACredentialIsNotedByTheCheck() {
    assertThat(commands.done("check-config").err())
        .contains("The settings are well.", "no credential for kept", "add-credential kept");
    assertThat(commands.done("check-config", "--set", "default-upstream=free").err())
        .doesNotContain("no credential");
    assertThat(commands.done("check-config", "--set", "pass-through=true").err())
        .doesNotContain("no credential");
    assertThat(folder.resolve("llm-accounting.db")).doesNotExist();
  }
}
