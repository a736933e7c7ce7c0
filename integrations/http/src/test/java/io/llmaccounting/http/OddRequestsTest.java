package io.llmaccounting.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.contract.AdapterScene;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPOutputStream;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.junit.jupiter.api.Test;

/** Requests that are unlike others in how they are made or sent, not in what they ask. */
class OddRequestsTest extends AdapterScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private final HttpClient http = MeteredHttpClient.of(HttpClient.newHttpClient(), accounting);

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
  void aRedirectThatNobodyFollowsIsNoAnswer() throws Exception {
    provider.answering(FakeAnswer.json("{}").status(307).header("Location", "/elsewhere"));

    assertThat(http.send(chat(), BodyHandlers.ofString()).statusCode()).isEqualTo(307);

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().source()).isEqualTo(TokenSource.MISSING);
    assertThat(record().details().errorMessage()).contains("307");
  }

  @Test
  void aRequestThatTheApplicationHasPackedIsMetered() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(CHAT.request("Hi", 100, false).getBytes(StandardCharsets.UTF_8));
    }
    provider.answering(CHAT.answer());
    HttpRequest request =
        to(CHAT.path(false))
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
            .build();

    assertThat(http.send(request, BodyHandlers.ofString()).body()).isEqualTo(CHAT.answerText());

    assertThat(provider.requests().get(0).body()).isEqualTo(packed.toByteArray());
    assertThat(record().model()).isEqualTo(CHAT.model());
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void aRequestWithoutABodySaysSoStill() throws Exception {
    provider.answering(ProviderShape.GEMINI.answer());

    var unused =
        http.send(
            to(ProviderShape.GEMINI.path(false)).POST(BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());

    assertThat(provider.requests().get(0).headers())
        .containsEntry("content-length", "0")
        .doesNotContainKey("transfer-encoding");
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void aClientThatThrowsInsteadOfSendingLeavesAFailedRecord() {
    HttpClient refusing = MeteredHttpClient.of(new RefusingClient(), accounting);

    assertThatThrownBy(() -> refusing.sendAsync(chat(), BodyHandlers.ofString()).get())
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage(RefusingClient.REASON);

    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aThreadThatIsInterruptedInTheMiddleOfAnAnswerLeavesACancelledRecord() throws Exception {
    Gate gate = new Gate();
    provider.answering(CHAT.answer().inPiecesOf(40).waitingBefore(2, gate));
    Thread caller =
        new Thread(
            () -> {
              try {
                http.send(chat(), BodyHandlers.ofString());
              } catch (IOException | InterruptedException e) {
                // given up
              }
            });
    caller.start();
    gate.awaitReached();

    caller.interrupt();

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
    gate.open();
    caller.join();
  }

  @Test
  void theContextOfAnApacheClientKeepsNothingOfACall() throws Exception {
    HttpClientContext context = HttpClientContext.create();
    try (CloseableHttpAsyncClient apache =
        MeteredApacheHttp.meter(HttpAsyncClients.custom(), accounting).build()) {
      apache.start();
      SimpleHttpRequest request =
          SimpleRequestBuilder.post(provider.uri().resolve(CHAT.path(false)))
              .setBody(CHAT.request("Hi", 100, false), ContentType.APPLICATION_JSON)
              .build();

      var unused = apache.execute(request, context, null).get();
    }

    assertThat(context.getAttribute(ApacheTap.EXCHANGE)).isNull();
    assertThat(record().details().attempts()).isEqualTo(1);
  }

  private Call okHttp(OkHttpClient client) {
    return client.newCall(
        new Request.Builder()
            .url(provider.uri().resolve(CHAT.path(false)).toString())
            .post(
                RequestBody.create(
                    CHAT.request("Hi", 100, false), MediaType.get("application/json")))
            .build());
  }

  private static CompletableFuture<Integer> enqueued(Call call) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException error) {
            status.completeExceptionally(error);
          }

          @Override
          public void onResponse(Call answered, Response response) throws IOException {
            try (response) {
              var unused = response.body().string();
            }
            status.complete(response.code());
          }
        });
    return status;
  }

  @Test
  void whatAnInterceptorFurtherOutRepeatsIsOfWhoeverMadeTheCall() throws Exception {
    OkHttpClient.Builder repeating = MeteredOkHttp.of(new OkHttpClient(), accounting).newBuilder();
    repeating
        .interceptors()
        .add(
            0,
            chain -> {
              chain.proceed(chain.request()).close();
              return chain.proceed(chain.request());
            });
    CompletableFuture<Integer> status;
    try (CallContext.Scope alice = CallContext.of(Attribution.NONE.withUser("alice")).open()) {
      status = enqueued(okHttp(repeating.build()));
    }

    assertThat(status.get()).isEqualTo(200);
    assertThat(records())
        .hasSize(2)
        .allSatisfy(record -> assertThat(record.attribution().user()).isEqualTo("alice"));
  }

  @Test
  void aDenialReachesTheCallbackThoughTheListenersWereReplaced() {
    accounting.limits().save(Limit.named("shut").requests(0).rolling(Duration.ofDays(1)));
    OkHttpClient listening =
        MeteredOkHttp.of(new OkHttpClient(), accounting)
            .newBuilder()
            .eventListener(EventListener.NONE)
            .build();

    assertThatThrownBy(() -> enqueued(okHttp(listening)).get())
        .hasCauseInstanceOf(IOException.class)
        .hasRootCauseInstanceOf(QuotaExceededException.class);
    assertThatThrownBy(() -> okHttp(listening).execute())
        .isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isZero();
  }
}
