package io.llmaccounting.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.server.gateway.GatewayScene;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** curl, as people type it. Skipped where it is not installed. */
class CurlTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  @BeforeAll
  static void isThere() throws InterruptedException {
    assumeTrue(runs("curl", "--version"), "no curl here: it is not tried as a client");
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Process start(String path, String body, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("curl", "--silent", "--no-buffer", at(path).toString()));
    command.addAll(List.of("--header", "Authorization: Bearer " + KEY));
    command.addAll(List.of("--header", "Content-Type: application/json", "--data-raw", body));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private String curl(String path, String body, String... options) throws Exception {
    Process process = start(path, body, options);
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return text;
  }

  @Test
  void asksForACompletion() throws Exception {
    assertThat(curl("/v1/chat/completions", CHAT.request("Hi", 100, false)))
        .isEqualTo(CHAT.answerText());
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void streamsACompletionPackedOrNot() throws Exception {
    String body = CHAT.request("Hi", 100, true);
    provider.answering(CHAT.stream(), CHAT.stream().gzip());

    assertThat(curl("/v1/chat/completions", body)).isEqualTo(CHAT.streamText());
    assertThat(curl("/v1/chat/completions", body, "--compressed")).isEqualTo(CHAT.streamText());
    assertThat(records()).hasSize(2).allMatch(one -> one.outcome() == Outcome.SUCCEEDED);
  }

  @Test
  void sendsALongBodyOnceItIsToldToGoOn() throws Exception {
    String body = CHAT.request("word ".repeat(20_000), 100, false);

    assertThat(curl("/v1/chat/completions", body, "--header", "Expect: 100-continue"))
        .isEqualTo(CHAT.answerText());
    assertThat(sent()).isEqualTo(body);
  }

  @Test
  void isToldOfADenialWithAStatusThatFails() throws Exception {
    accounting.limits().save(Limit.named("none").requests(0).rolling(Duration.ofHours(1)));

    assertThat(
            curl(
                "/v1/chat/completions",
                CHAT.request("Hi", 100, false),
                "--write-out",
                " %{http_code} %header{x-accounting-code}"))
        .contains("none", " 429 ");
    assertThat(provider.count()).isZero();
  }

  @Test
  void isCutOffAndTheCallWithIt() throws Exception {
    Gate gate = new Gate();
    provider.answering(CHAT.stream().waitingBefore(CHAT.textEvent() + 1, gate));

    Process process = start("/v1/chat/completions", CHAT.request("Hi", 100, true));
    process.getInputStream().readNBytes(20);
    gate.awaitReached();
    process.destroyForcibly().waitFor();

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    gate.open();
  }
}
