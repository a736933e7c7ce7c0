package io.llmaccounting.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.health.AnswerNotRecordedException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.contract.AdapterScene;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not a model's call, what is one but unlike the others, and what fails loudly. */
class OddCallsTest extends AdapterScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private final HttpClient bare = HttpClient.newHttpClient();
  private final HttpClient http = MeteredHttpClient.of(bare, accounting);

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(provider.uri().resolve(path))
        .header("Content-Type", "application/json");
  }

  private HttpRequest chat() {
    return to(CHAT.path(false))
        .POST(BodyPublishers.ofString(CHAT.request("Hi", 100, false)))
        .build();
  }

  @Test
  void whatAsksNoModelPassesUntouched() throws Exception {
    provider.answeringAll(request -> FakeAnswer.json("{}"));

    http.send(to("/v1/models").GET().build(), BodyHandlers.ofString());
    http.send(to("/v1/files").POST(BodyPublishers.ofString("{}")).build(), BodyHandlers.ofString());
    http.send(
        to("/channels/7/messages").POST(BodyPublishers.ofString("{\"text\":\"hello\"}")).build(),
        BodyHandlers.ofString());
    http.send(
        to("/v1/messages/count_tokens")
            .POST(BodyPublishers.ofString("{\"model\":\"claude-sonnet-4-5\",\"messages\":[]}"))
            .build(),
        BodyHandlers.ofString());

    assertThat(provider.count()).isEqualTo(4);
    assertThat(records()).isEmpty();
  }

  @Test
  void theBodyOfARequestIsSentAsItWas() throws Exception {
    String body = CHAT.request("Grüße", 100, false);
    HttpRequest streamed =
        to(CHAT.path(false))
            .POST(
                BodyPublishers.ofInputStream(
                    () ->
                        new java.io.ByteArrayInputStream(
                            body.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
            .build();

    http.send(streamed, BodyHandlers.discarding());

    assertThat(provider.requests().get(0).text()).isEqualTo(body);
    assertThat(records()).hasSize(1);
  }

  @Test
  void embeddingsAreMetered() throws Exception {
    ProviderShape shape = ProviderShape.OPENAI_EMBEDDINGS;

    http.send(
        to(shape.path(false)).POST(BodyPublishers.ofString(shape.request("Hi", 0, false))).build(),
        BodyHandlers.ofString());

    assertThat(records().get(0).tokens().input()).isEqualTo(8);
    assertThat(records().get(0).operation()).isEqualTo("embeddings");
  }

  @Test
  void theTapSaysWhatHostAndContextDoNot() throws Exception {
    HttpClient told =
        MeteredHttpClient.of(
            bare,
            Tap.of(accounting)
                .provider("groq")
                .attribution(Attribution.NONE.withProject("search").withUser("nobody")));

    told.send(chat(), BodyHandlers.ofString());

    assertThat(records().get(0).provider()).isEqualTo("groq");
    assertThat(records().get(0).attribution().project()).isEqualTo("search");
  }

  @Test
  void aChatStreamWithoutUsageIsEstimatedFromItsText() throws Exception {
    String body = CHAT.request("Hi", 100, true).replace("\"include_usage\":true", "\"n\":1");

    http.send(
        to(CHAT.path(true)).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());

    Usage record = records().get(0);
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record.source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(record.tokens().output()).isBetween(1L, 20L);
  }

  @Test
  void aStreamThatIsClosedAfterTheProvidersMarkHasSucceeded() throws Exception {
    Gate gate = new Gate();
    FakeAnswer all = CHAT.stream();
    provider.answering(all.waitingBefore(all.size(), gate));
    HttpRequest request =
        to(CHAT.path(true)).POST(BodyPublishers.ofString(CHAT.request("Hi", 100, true))).build();
    InputStream body = http.send(request, BodyHandlers.ofInputStream()).body();
    StringBuilder read = new StringBuilder();
    while (read.indexOf("data: [DONE]\n\n") < 0) {
      read.append((char) body.read());
    }

    body.close();
    gate.open();

    // the client tells of a close on a thread of its own
    Usage record = heard();
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record.source()).isEqualTo(TokenSource.REPORTED);
  }

  @ParameterizedTest
  @EnumSource(names = "OPENAI_EMBEDDINGS", mode = EnumSource.Mode.EXCLUDE)
  void aStreamThatIsClosedAfterTheProvidersErrorHasFailed(ProviderShape shape) throws Exception {
    Gate gate = new Gate();
    FakeAnswer failing = shape.failingStream();
    provider.answering(failing.waitingBefore(failing.size(), gate));
    HttpRequest request =
        to(shape.path(true)).POST(BodyPublishers.ofString(shape.request("Hi", 100, true))).build();
    InputStream body = http.send(request, BodyHandlers.ofInputStream()).body();
    StringBuilder read = new StringBuilder();
    while (read.indexOf("planned") < 0) {
      read.append((char) body.read());
    }
    gate.awaitReached();

    body.close();
    gate.open();

    Usage record = heard();
    assertThat(record.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record.source()).isIn(TokenSource.PARTIAL, TokenSource.ESTIMATED);
  }

  @Test
  void anAnswerThatCouldNotBeRecordedComesWithTheFailure() throws Exception {
    Gate gate = new Gate();
    provider.answering(CHAT.answer().waitingBefore(-1, gate));
    CompletableFuture<HttpResponse<String>> sent = http.sendAsync(chat(), BodyHandlers.ofString());
    gate.awaitReached();
    backend.breakDown();
    gate.open();

    ExecutionException failed = catchThrowableOfType(ExecutionException.class, sent::get);
    backend.recover();

    assertThat(failed.getCause()).isInstanceOf(AnswerNotRecordedException.class);
    HttpResponse<?> answer =
        ((AnswerNotRecordedException) failed.getCause()).answer(HttpResponse.class);
    assertThat(answer.body()).isEqualTo(CHAT.answerText());
  }

  @Test
  void whatCannotBeReadIsThrownAfterTheCallWasRecorded() {
    provider.answering(CHAT.answer(text -> "{\"choices\":[}" + text));

    assertThatThrownBy(() -> http.send(chat(), BodyHandlers.ofString()))
        .isInstanceOf(AnswerNotRecordedException.class)
        .hasMessageContaining("JSON");

    assertThat(records()).hasSize(1);
    assertThat(records().get(0).source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void noConnectionIsAFailedRecord() {
    // nobody listens there, and no server of another test ever does
    URI nowhere = URI.create("http://127.0.0.1:1" + CHAT.path(false));
    HttpRequest refused =
        HttpRequest.newBuilder(nowhere)
            .POST(BodyPublishers.ofString(CHAT.request("Hi", 100, false)))
            .build();

    assertThatThrownBy(() -> http.send(refused, BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);

    assertThat(records().get(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(records().get(0).source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void aCallThroughTheAccountingIsTheOutermostLayer() throws Exception {
    HttpResponse<String> answer =
        accounting.call(
            CallRequest.to("gpt-5-mini"),
            () -> http.send(chat(), BodyHandlers.ofString()),
            response -> ModelAnswer.withoutUsage());

    assertThat(answer.body()).isEqualTo(CHAT.answerText());
    assertThat(records()).hasSize(1);
    assertThat(records().get(0).tokens().total()).isEqualTo(12_323);
  }
}
