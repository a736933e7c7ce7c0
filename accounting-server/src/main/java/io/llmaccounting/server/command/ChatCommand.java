package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Exit;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks one question through a running server. */
@Command(
    name = "chat",
    description = {
      "Ask a model one question through a running server; the answer is printed as it comes.",
      "At the end it says what was used, what that costs, and what is left of limits. Ends with 3 if a"
          + " limit has no room."
    },
    footer = {
      "llm-accounting-server chat \"Why is the sky blue?\"",
      "llm-accounting-server chat --model mistral-small-latest --upstream mistral Hello"
    })
final class ChatCommand extends ServerCommand {
  private static final String VARIABLE = "LLM_ACCOUNTING_KEY";

  @Parameters(paramLabel = "QUESTION", description = "The question.")
  String question = "";

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where the server is. Default: where the settings say that it listens.")
  @Nullable String url;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file whose first line is the key. Default: LLM_ACCOUNTING_KEY is the key.")
  @Nullable String keyFile;

  @Option(names = "--model", paramLabel = "NAME", description = "The model. Default: gpt-5-mini.")
  String model = "gpt-5-mini";

  @Option(
      names = "--upstream",
      paramLabel = "NAME",
      description = "The upstream, which must speak as OpenAI does. Default: the default one.")
  @Nullable String upstream;

  @Override
  int run(ServerRun run) throws IOException, InterruptedException {
    ChatQuestion asked = new ChatQuestion(endpoint(run), key(run), model, question);
    ChatAnswer answer = asked.ask(run.console().out());
    run.console().out().println();
    answer.tell(run);
    return Exit.DONE;
  }

  private URI endpoint(ServerRun run) {
    var settings = run.settings().settings();
    String root = url == null ? Welcome.url(settings, settings.listening().port()) : url;
    String path =
        upstream == null ? "/v1/chat/completions" : "/" + upstream + "/v1/chat/completions";
    try {
      return new URI(root.replaceAll("/+$", "").replaceAll("/v1$", "") + path);
    } catch (java.net.URISyntaxException e) {
      throw new IllegalArgumentException("--url must be a URL, was " + root, e);
    }
  }

  private String key(ServerRun run) {
    String key = run.console().variable(VARIABLE);
    if (keyFile != null) {
      try {
        List<String> lines = Files.readAllLines(run.console().file(keyFile));
        key = lines.isEmpty() ? "" : lines.get(0).strip();
      } catch (IOException e) {
        throw Failure.usage(
            "the file of the key cannot be read: " + FileProblems.text(e), "Check --key-file.");
      }
    }
    if (key == null || key.isEmpty()) {
      throw Failure.usage(
          "no key was given",
          "Set %s or give --key-file; '%s -q keys create chat' makes one."
              .formatted(VARIABLE, ServerRoot.NAME));
    }
    return key;
  }
}
