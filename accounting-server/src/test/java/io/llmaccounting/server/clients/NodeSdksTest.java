package io.llmaccounting.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.server.gateway.GatewayScene;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The official packages of OpenAI and Anthropic for JavaScript. Skipped where there is no Node.js,
 * or where npm reaches no registry.
 */
class NodeSdksTest extends GatewayScene {
  private static final Path FOLDER = Path.of("target", "node-clients").toAbsolutePath();
  private static final List<String> PACKAGES = List.of("openai@7.59.0", "@anthropic-ai/sdk@1.14.0");

  @BeforeAll
  static void install() throws Exception {
    assumeTrue(found("node", "--version"), "no Node.js here: its clients are not tried");
    Files.createDirectories(FOLDER);
    Path done = FOLDER.resolve("installed");
    if (!Files.exists(done)) {
      List<String> command =
          new java.util.ArrayList<>(
              List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"));
      command.addAll(PACKAGES);
      assumeTrue(
          run(command).exit() == 0, "npm reaches no registry here: its clients are not tried");
      Files.createFile(done);
    }
  }

  private record Run(int exit, String text) {}

  private static boolean found(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Run run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectError(FOLDER.resolve("errors.txt").toFile())
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Run(process.exitValue(), text);
  }

  private Run script(String... lines) throws Exception {
    Path script = Files.createTempFile(FOLDER, "client", ".mjs");
    String all =
        """
        import OpenAI from 'openai';
        import Anthropic from '@anthropic-ai/sdk';
        const openai = new OpenAI({ apiKey: '%s', baseURL: '%s' });
        const anthropic = new Anthropic({ apiKey: '%s', baseURL: '%s' });
        const ask = { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hi' }] };
        const message = { model: 'claude-sonnet-4-5', max_tokens: 100, messages: ask.messages };
        """
            .formatted(KEY, at("/v1"), KEY, at("/anthropic"));
    Files.writeString(script, all + String.join("\n", lines));
    return run(List.of("node", script.toString()));
  }

  private void isRecordedAsReported() {
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record().tokens().total()).isPositive();
  }

  @Test
  void openAiAsksForACompletion() throws Exception {
    Run run =
        script(
            "const answer = await openai.chat.completions.create(ask);",
            "console.log(answer.choices.length);");

    assertThat(run).isEqualTo(new Run(0, "1\n"));
    isRecordedAsReported();
  }

  @Test
  void openAiStreamsACompletion() throws Exception {
    Run run =
        script(
            "const stream = await openai.chat.completions.create({ ...ask, stream: true });",
            "let empty = 0, all = 0;",
            "for await (const chunk of stream) { all++; if (!chunk.choices.length) empty++; }",
            "console.log(all > 0, empty);");

    assertThat(run).isEqualTo(new Run(0, "true 0\n"));
    isRecordedAsReported();
  }

  private static final String CLOCK =
      "const tools = [{ type: 'function', function: { name: 'clock', parameters: { type: 'object' } } }];";

  @Test
  void openAiIsAskedForAToolPlainAndStreamed() throws Exception {
    provider.answering(ToolAnswers.openAi(), ToolAnswers.openAiStream());

    Run run =
        script(
            CLOCK,
            "const plain = await openai.chat.completions.create({ ...ask, tools });",
            "const call = plain.choices[0].message.tool_calls[0].function;",
            "console.log(call.name, call.arguments);",
            "const stream = openai.chat.completions.stream({ ...ask, tools });",
            "const whole = (await stream.finalChatCompletion()).choices[0].message.tool_calls[0];",
            "console.log(whole.function.name, whole.function.arguments);");

    String clock = "clock " + ToolAnswers.ARGUMENTS + "\n";
    assertThat(run).isEqualTo(new Run(0, clock + clock));
    assertThat(records()).hasSize(2).allMatch(one -> one.tokens().total() == 62);
  }

  @Test
  void anthropicIsAskedForAToolPlainAndStreamed() throws Exception {
    provider.answering(ToolAnswers.anthropic(), ToolAnswers.anthropicStream());

    Run run =
        script(
            "const tools = [{ name: 'clock', input_schema: { type: 'object' } }];",
            "const plain = await anthropic.messages.create({ ...message, tools });",
            "console.log(plain.content[0].name, JSON.stringify(plain.content[0].input));",
            "const whole = await anthropic.messages.stream({ ...message, tools }).finalMessage();",
            "console.log(whole.content[0].name, JSON.stringify(whole.content[0].input));");

    String clock = "clock " + ToolAnswers.ARGUMENTS + "\n";
    assertThat(run).matches(done -> done.exit() == 0 && done.text().endsWith(clock + clock));
    assertThat(records()).hasSize(2).allMatch(one -> one.tokens().total() == 62);
  }

  @Test
  void openAiIsToldOfADenialOnce() throws Exception {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));

    Run run =
        script(
            "try { await openai.chat.completions.create(ask); } catch (e) {",
            "  console.log(e.constructor.name, e.status, e.code, e.message.includes('none')); }");

    assertThat(run).isEqualTo(new Run(0, "RateLimitError 429 insufficient_quota true\n"));
    assertThat(provider.count()).isZero();
  }

  @Test
  void anthropicAsksForAMessage() throws Exception {
    Run run =
        script(
            "const answer = await anthropic.messages.create(message);",
            "console.log(answer.content.length > 0);");

    // the package warns of models that are about to go
    assertThat(run).matches(done -> done.exit() == 0 && done.text().endsWith("true\n"));
    isRecordedAsReported();
  }

  @Test
  void anthropicStreamsAMessage() throws Exception {
    Run run =
        script(
            "const stream = anthropic.messages.stream(message);",
            "const whole = await stream.finalMessage();",
            "console.log(whole.content.length > 0);");

    assertThat(run).matches(done -> done.exit() == 0 && done.text().endsWith("true\n"));
    isRecordedAsReported();
  }
}
