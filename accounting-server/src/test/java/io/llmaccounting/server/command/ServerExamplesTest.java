package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.llmaccounting.cli.console.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What help shows can be typed. */
class ServerExamplesTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final String ANSWER =
      "data: {\"model\":\"gpt-5-mini\",\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n"
          + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\n"
          + "data: [DONE]\n\n";

  @TempDir Path folder;
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(ServerExamplesTest::all));
  }

  // a command that runs until it is told to stop is run by JarIT
  static Stream<String> examples() {
    return all(ServerReference.model())
        .filter(command -> !command.getCommandName().equals("run"))
        .flatMap(command -> Arrays.stream(command.getCommandSpec().usageMessage().footer()))
        .distinct();
  }

  private Commands prepared() throws IOException {
    Commands commands = new Commands(folder);
    int port = server.getAddress().getPort();
    Files.writeString(folder.resolve("openai-key.txt"), "sk-upstream\n");
    Files.writeString(
        folder.resolve("llm-accounting-server.yaml"),
        """
        listen: {port: %d}
        upstreams:
          local: {url: "http://127.0.0.1:%d", allow-private: true}
        """
            .formatted(port, port));
    commands.environment.put("LLM_ACCOUNTING_KEY", "sk-acc-x");
    commands.done("keys", "create", "laptop");
    commands.done("projects", "create", "apollo");
    return commands;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void works(String example) throws IOException {
    Commands commands = prepared();
    List<String> words = new ArrayList<>();
    WORD.matcher(example)
        .results()
        .forEach(word -> words.add(word.group(1) == null ? word.group(2) : word.group(1)));
    if (words.contains("$CREDENTIAL")) {
      String id =
          commands
              .done("-q", "projects", "add-credential", "openai", "--file", "openai-key.txt")
              .out()
              .strip();
      words.set(words.indexOf("$CREDENTIAL"), id);
    }
    String tool = words.remove(0);

    Commands.Ran ran = commands.run(words.toArray(String[]::new));

    assertThat(tool).isEqualTo(ServerRoot.NAME);
    ran.exits(Exit.DONE);
  }
}
