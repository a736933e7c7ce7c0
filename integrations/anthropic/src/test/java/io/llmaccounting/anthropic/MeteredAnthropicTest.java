package io.llmaccounting.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.AsyncStreamResponse;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.core.http.Interceptor;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.SseException;
import com.anthropic.helpers.BetaRunnableTool;
import com.anthropic.models.beta.messages.BetaMessage;
import com.anthropic.models.beta.messages.BetaTool;
import com.anthropic.models.beta.messages.BetaToolResultBlockParam;
import com.anthropic.models.beta.messages.ToolRunnerCreateParams;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.batches.BatchCreateParams;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What of Anthropic's SDK is beyond the contract of all adapters. */
class MeteredAnthropicTest extends Scene {
  private static final Attribution ALICE =
      Attribution.NONE.withUser("Alice & Bøb").withProject("search").withTag("team", "a=b");

  @Test
  void cachesThinkingAndServerToolsAreInTheRecord() {
    Message unused = client.messages().create(question().build());

    Usage record = record();
    assertThat(record.provider()).isEqualTo("anthropic");
    assertThat(record.tokens().uncachedInput()).isEqualTo(2_095);
    assertThat(record.tokens().cacheRead()).isEqualTo(2_048);
    assertThat(record.tokens().cacheWrite5m()).isEqualTo(1_051);
    assertThat(record.tokens().cacheWrite1h()).isEqualTo(1_000);
    assertThat(record.tokens().reasoning()).isEqualTo(200);
    assertThat(record.tokens().textOutput()).isEqualTo(303);
    assertThat(record.extras()).containsEntry("web_search", 2L);
  }

  @Test
  void oneCallCanSayWhoMakesIt() {
    Message unused =
        client
            .messages()
            .create(
                question().putAllAdditionalHeaders(MeteredAnthropic.attribution(ALICE)).build());

    assertThat(record().attribution()).isEqualTo(ALICE);
    assertNothingOfOursIsSent();
  }

  @Test
  void whatACallSaysComesBeforeItsContextAlsoWithoutWaiting() {
    try (CallContext.Scope bob =
        CallContext.of(Attribution.NONE.withUser("bob").withSession("s")).open()) {
      Message unused =
          client
              .async()
              .messages()
              .create(
                  question()
                      .putAllAdditionalHeaders(
                          MeteredAnthropic.attribution(Attribution.NONE.withUser("alice")))
                      .build())
              .join();
    }

    assertThat(record().attribution().user()).isEqualTo("alice");
    assertThat(record().attribution().session()).isEqualTo("s");
  }

  @Test
  void oneCallCanBeLeftOut() {
    Message unused =
        client
            .messages()
            .create(question().putAllAdditionalHeaders(MeteredAnthropic.unmetered()).build());

    assertThat(records()).isEmpty();
    assertNothingOfOursIsSent();
  }

  private void assertNothingOfOursIsSent() {
    assertThat(provider.requests().get(0).headers().keySet())
        .noneMatch(name -> name.contains("accounting"))
        .doesNotContain("x-api-key");
  }

  @Test
  void aClientWithOtherOptionsIsMeteredBelowThem() {
    AnthropicClient patient =
        client.withOptions(
            options ->
                options
                    .maxRetries(4)
                    .putAllHeaders(MeteredAnthropic.attribution(ALICE))
                    .putHeader("X-Own", "kept"));
    provider.answering(FakeAnswer.tooMany(0), FakeAnswer.tooMany(0), FakeAnswer.tooMany(0));

    Message unused = patient.messages().withOptions(options -> {}).create(question().build());

    assertThat(record().attribution()).isEqualTo(ALICE);
    assertThat(record().details().attempts()).isEqualTo(4);
    assertThat(provider.requests())
        .extracting(request -> request.headers().get("x-stainless-retry-count"))
        .containsExactly("0", "1", "2", "3");
    assertThat(provider.requests())
        .allSatisfy(request -> assertThat(request.headers()).containsEntry("x-own", "kept"));
  }

  @Test
  void requestsAreThoseOfTheBareClient() {
    MessageCreateParams own = question().putAdditionalHeader("X-Api-Key", "own").build();
    for (AnthropicClient asked : List.of(bare, client)) {
      Message plain = asked.messages().create(question().build());
      Message keyed = asked.messages().create(own);
      assertThat(keyed).isEqualTo(plain);
    }

    for (int i = 0; i < 2; i++) {
      assertThat(provider.requests().get(2 + i).headers())
          .isEqualTo(provider.requests().get(i).headers())
          .containsKey(i == 0 ? "authorization" : "x-api-key");
      assertThat(provider.requests().get(2 + i).text())
          .isEqualTo(provider.requests().get(i).text());
    }
  }

  @Test
  void rawResponsesAreMetered() {
    try (HttpResponseFor<Message> raw =
        client.withRawResponse().messages().create(question().build())) {
      assertThat(raw.statusCode()).isEqualTo(200);
      assertThat(raw.parse().content()).isNotEmpty();
    }

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void countedTokensAndBatchesAreNoCalls() {
    provider.answering(
        FakeAnswer.json("{\"input_tokens\":2095}"),
        FakeAnswer.json("{\"id\":\"msgbatch_1\",\"type\":\"message_batch\"}"));

    long counted =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder()
                    .model(SdkClient.MODEL)
                    .addUserMessage("Hello")
                    .build())
            .inputTokens();
    String batch =
        client
            .messages()
            .batches()
            .create(BatchCreateParams.builder().requests(List.of()).build())
            .id();

    assertThat(counted).isEqualTo(2_095);
    assertThat(batch).isEqualTo("msgbatch_1");
    assertThat(records()).isEmpty();
    assertThat(contained).isEmpty();
  }

  @Test
  void theTurnsOfTheSdksToolRunnerAreRecordsOfOneSession() {
    provider.answering(
        ProviderShape.ANTHROPIC_MESSAGES.answer(
            text ->
                text.replace("end_turn", "tool_use")
                    .replace(
                        "{\"type\": \"text\", \"text\": \"Hello!\"}",
                        "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"clock\",\"input\":{}}")));
    BetaTool clock =
        BetaTool.builder()
            .name("clock")
            .inputSchema(BetaTool.InputSchema.builder().build())
            .build();
    List<BetaMessage> turns = new ArrayList<>();

    try (CallContext.Scope loop = CallContext.of(Attribution.NONE.withSession("loop")).open()) {
      client
          .beta()
          .messages()
          .toolRunner(
              ToolRunnerCreateParams.builder()
                  .thread(false)
                  .initialMessageParams(
                      com.anthropic.models.beta.messages.MessageCreateParams.builder()
                          .model(SdkClient.MODEL)
                          .maxTokens(1_000)
                          .addUserMessage("What time is it?")
                          .addTool(
                              BetaRunnableTool.of(
                                  clock,
                                  input -> BetaToolResultBlockParam.Content.ofString("noon")))
                          .build())
                  .build())
          .forEach(turns::add);
    }

    assertThat(turns).hasSize(2);
    assertThat(sent()).contains("noon");
    assertThat(records())
        .hasSize(2)
        .allSatisfy(turn -> assertThat(turn.attribution().session()).isEqualTo("loop"));
  }

  @Test
  void aStreamThatIsClosedEarlyHasCostAtLeastWhatHadCome() {
    try (StreamResponse<RawMessageStreamEvent> answer =
        client.messages().createStreaming(question().build())) {
      assertThat(answer.stream().findFirst()).isPresent();
    }

    Usage record = record();
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.source()).isEqualTo(TokenSource.PARTIAL);
    assertThat(record.tokens().uncachedInput()).isEqualTo(25);
    assertThat(record.tokens().cacheRead()).isEqualTo(300);
    assertThat(record.tokens().cacheWrite5m()).isEqualTo(100);
  }

  @Test
  void anErrorThatComesInAStreamFailsItsRecord() {
    FakeAnswer golden = ProviderShape.ANTHROPIC_MESSAGES.stream();
    provider.answering(
        golden
            .edited(
                event ->
                    event.startsWith("event: content_block_stop")
                        ? "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"
                        : event)
            .endingBefore(5));

    Throwable thrown;
    try (StreamResponse<RawMessageStreamEvent> answer =
        client.messages().createStreaming(question().build())) {
      thrown = catchThrowable(() -> answer.stream().toList());
    }

    assertThat(thrown).isInstanceOf(SseException.class);
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(record().tokens().cacheRead()).isEqualTo(300);
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().details().errorMessage()).contains("ended the stream with an error");
  }

  @Test
  void aStreamWithoutWaitingIsOneRecord() {
    List<RawMessageStreamEvent> events = new CopyOnWriteArrayList<>();
    AnthropicClientAsync async = MeteredAnthropic.of(bare.async(), accounting);

    Void unused =
        async
            .messages()
            .createStreaming(question().build())
            .subscribe(events::add)
            .onCompleteFuture()
            .join();

    assertThat(events).isNotEmpty();
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record().details().streamed()).isTrue();
  }

  @Test
  void aStreamWithoutWaitingThatIsClosedBeforeItsAnswerIsCancelled() throws Exception {
    Gate gate = new Gate();
    provider.answeringAll(
        request -> ProviderShape.ANTHROPIC_MESSAGES.stream().waitingBefore(-1, gate));
    AsyncStreamResponse<RawMessageStreamEvent> answer =
        client.async().messages().createStreaming(question().build());
    gate.awaitReached();

    answer.close();
    gate.open();

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void layersBelowFindTheCallInEachAttempt() {
    List<Boolean> found = new CopyOnWriteArrayList<>();
    AnthropicClient layered =
        MeteredAnthropic.of(
            bare.withOptions(options -> options.maxRetries(1).addInterceptor(looking(found))),
            accounting);
    provider.answering(FakeAnswer.tooMany(0));
    Message first = layered.messages().create(question().build());
    provider.answering(FakeAnswer.tooMany(0));
    Message second = layered.async().messages().create(question().build()).join();

    assertThat(second).isEqualTo(first);
    assertThat(found).containsExactly(true, true, true, true);
    assertThat(records())
        .hasSize(2)
        .allSatisfy(record -> assertThat(record.details().attempts()).isEqualTo(2));
    assertThat(CallContext.current().call()).isEmpty();
  }

  /** Looks whether there is a call where a request goes out. */
  private static Interceptor looking(List<Boolean> found) {
    return next -> new Looking(next, found);
  }

  private record Looking(HttpClient next, List<Boolean> found) implements HttpClient {
    private void look() {
      found.add(CallContext.current().call().isPresent());
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
      look();
      return next.execute(request, options);
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(
        HttpRequest request, RequestOptions options) {
      look();
      return next.executeAsync(request, options);
    }

    @Override
    public void close() {
      next.close();
    }
  }

  @Test
  void aMeteredClientThatIsForgottenLeavesTheGivenOneOpen() {
    Message unused = MeteredAnthropic.of(bare, accounting).messages().create(question().build());
    System.gc();

    assertThat(bare.messages().create(question().build()).content()).isNotEmpty();
    assertThat(client).isNotEqualTo(bare).hasToString(bare.toString());
  }
}
