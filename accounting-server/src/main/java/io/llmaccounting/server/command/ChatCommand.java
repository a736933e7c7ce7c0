package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Exit;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Parameters(paramLabel = "QUESTION", description = "The question.")
  String question = "";

  @Mixin CallerOptions caller = new CallerOptions();

  @Option(names = "--model", paramLabel = "NAME", description = "The model. Default: gpt-5-mini.")
  String model = "gpt-5-mini";

  @Option(
      names = "--upstream",
      paramLabel = "NAME",
      description = "The upstream, which must speak as OpenAI does. Default: the default one.")
  @Nullable String upstream;

  @Override
  int run(ServerRun run) throws IOException, InterruptedException {
    String path =
        upstream == null ? "/v1/chat/completions" : "/" + upstream + "/v1/chat/completions";
    ChatQuestion asked =
        new ChatQuestion(caller.endpoint(run, path), caller.key(run), model, question);
    ChatAnswer answer = asked.ask(run.console().out());
    run.console().out().println();
    answer.tell(run);
    return Exit.DONE;
  }
}
