package io.llmaccounting.genai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.genai.Chat;
import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.GenAiIOException;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateImagesConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Tool;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.contract.AdapterScene;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What of Google's Gen AI SDK is beyond the contract of all adapters. */
class MeteredGenAiTest extends AdapterScene {
  private static final ProviderShape GEMINI = ProviderShape.GEMINI;
  private static final Attribution ALICE =
      Attribution.NONE.withUser("Alice & Bøb").withProject("search").withTag("team", "a=b");

  private final Client bare = SdkClient.of(provider.uri(), null);
  private final Client client = SdkClient.of(provider.uri(), MeteredGenAi.options(accounting));

  @AfterEach
  void close() {
    bare.close();
    client.close();
  }

  private Client vertex() {
    return Client.builder()
        .vertexAI(true)
        .apiKey("none")
        .httpOptions(HttpOptions.builder().baseUrl(provider.uri().toString()).build())
        .clientOptions(MeteredGenAi.options(accounting))
        .build();
  }

  private static GenerateContentConfig saying(Map<String, String> headers) {
    return GenerateContentConfig.builder()
        .httpOptions(HttpOptions.builder().headers(headers).build())
        .build();
  }

  /** Called by the SDK, because a model asks for it. */
  public static final class Tools {
    public static String weather() {
      return "sunny in Oslo";
    }
  }

  private static GenerateContentConfig withTool(Map<String, String> headers) throws Exception {
    return saying(headers).toBuilder()
        .tools(Tool.builder().functions(Tools.class.getMethod("weather")).build())
        .build();
  }

  private static FakeAnswer askingForTheTool() {
    return FakeAnswer.json(
        """
        {"candidates": [{"content": {"role": "model", "parts": [
           {"functionCall": {"name": "weather", "args": {}}}]},
           "finishReason": "STOP"}],
         "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 5,
           "totalTokenCount": 25}, "modelVersion": "gemini-2.5-flash"}""");
  }

  @Test
  void cachedAndThoughtAndToolTokensAreRecordedExactly() {
    GenerateContentResponse unused = client.models.generateContent(SdkClient.MODEL, "Hello", null);

    assertThat(record().provider()).isEqualTo("gcp.gemini");
    assertThat(record().tokens().input()).isEqualTo(1_050);
    assertThat(record().tokens().cacheRead()).isEqualTo(400);
    assertThat(record().tokens().output()).isEqualTo(200);
    assertThat(record().tokens().reasoning()).isEqualTo(80);
  }

  @Test
  void oneCallCanSayWhoMakesIt() {
    GenerateContentResponse unused =
        client.models.generateContent(
            SdkClient.MODEL, "Hello", saying(MeteredGenAi.attribution(ALICE)));

    assertThat(record().attribution()).isEqualTo(ALICE);
    assertThat(provider.requests().get(0).headers().keySet())
        .noneMatch(name -> name.contains("accounting"));
  }

  @Test
  void whatACallSaysComesBeforeItsContextAlsoWithoutWaiting() {
    try (CallContext.Scope bob =
        CallContext.of(Attribution.NONE.withUser("bob").withSession("s")).open()) {
      GenerateContentResponse unused =
          client
              .async
              .models
              .generateContent(
                  SdkClient.MODEL,
                  "Hello",
                  saying(MeteredGenAi.attribution(Attribution.NONE.withUser("alice"))))
              .join();
    }

    assertThat(record().attribution().user()).isEqualTo("alice");
    assertThat(record().attribution().session()).isEqualTo("s");
    assertThat(provider.requests().get(0).headers().keySet())
        .noneMatch(name -> name.contains("accounting"));
  }

  @Test
  void oneCallCanBeLeftOut() {
    GenerateContentConfig off = saying(MeteredGenAi.unmetered());
    GenerateContentResponse unused = client.models.generateContent(SdkClient.MODEL, "Hello", off);
    unused = client.async.models.generateContent(SdkClient.MODEL, "Hello", off).join();

    assertThat(provider.count()).isEqualTo(2);
    assertThat(records()).isEmpty();
    assertThat(provider.requests().get(0).headers().keySet())
        .noneMatch(name -> name.contains("accounting"));
  }

  @Test
  void requestsAreThoseOfTheBareClient() {
    String bareAnswer = bare.models.generateContent(SdkClient.MODEL, "Hello", null).toJson();

    String answer = client.models.generateContent(SdkClient.MODEL, "Hello", null).toJson();

    assertThat(answer).isEqualTo(bareAnswer);
    assertThat(provider.requests().get(1).headers())
        .isEqualTo(provider.requests().get(0).headers());
    assertThat(provider.requests().get(1).text()).isEqualTo(provider.requests().get(0).text());
  }

  @Test
  void aCallWithoutWaitingThatIsRepeatedIsOneRecordThatCountsItsAttempts() {
    provider.answering(FakeAnswer.error(503), FakeAnswer.tooMany(0));

    GenerateContentResponse unused =
        client
            .async
            .models
            .generateContent(
                SdkClient.MODEL,
                "Hello",
                GenerateContentConfig.builder().httpOptions(SdkClient.repeating(3).build()).build())
            .join();

    assertThat(record().details().attempts()).isEqualTo(3);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aDenialReachesTheFutureOnceAndIsItsRootCause() {
    accounting.limits().save(Limit.named("shut").requests(0).rolling(Duration.ofDays(1)));

    Throwable failed =
        catchThrowable(
            () ->
                client
                    .async
                    .models
                    .generateContent(
                        SdkClient.MODEL,
                        "Hello",
                        GenerateContentConfig.builder()
                            .httpOptions(SdkClient.repeating(3).build())
                            .build())
                    .get());

    assertThat(failed).isInstanceOf(ExecutionException.class);
    assertThat(failed.getCause()).isInstanceOf(GenAiIOException.class);
    assertThat(failed).hasRootCauseInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isZero();
  }

  @Test
  void theMessagesOfAChatAreRecordsOfOneSession() {
    Chat chat = client.chats.create(SdkClient.MODEL);
    try (CallContext.Scope session = CallContext.of(Attribution.NONE.withSession("chat")).open()) {
      GenerateContentResponse unused = chat.sendMessage("Hello");
      for (GenerateContentResponse piece : chat.sendMessageStream("And now?")) {
        assertThat(piece.candidates()).isPresent();
      }
    }

    assertThat(records())
        .hasSize(2)
        .allSatisfy(turn -> assertThat(turn.attribution().session()).isEqualTo("chat"))
        .allSatisfy(turn -> assertThat(turn.source()).isEqualTo(TokenSource.REPORTED));
  }

  @Test
  void theTurnsOfAutomaticFunctionCallingAreRecordsOfOneSession() throws Exception {
    provider.answering(askingForTheTool());
    try (CallContext.Scope session = CallContext.of(Attribution.NONE.withSession("loop")).open()) {
      GenerateContentResponse unused =
          client.models.generateContent(SdkClient.MODEL, "Weather?", withTool(Map.of()));
    }

    assertThat(provider.requests().get(1).text()).contains("sunny in Oslo");
    assertThat(records())
        .hasSize(2)
        .allSatisfy(turn -> assertThat(turn.attribution().session()).isEqualTo("loop"));
  }

  @Test
  void laterTurnsOfAutomaticFunctionCallingWithoutWaitingAreOfWhoeverTheCallNames()
      throws Exception {
    provider.answering(askingForTheTool());

    GenerateContentResponse unused =
        client
            .async
            .models
            .generateContent(SdkClient.MODEL, "Weather?", withTool(MeteredGenAi.attribution(ALICE)))
            .join();

    assertThat(records())
        .hasSize(2)
        .allSatisfy(turn -> assertThat(turn.attribution()).isEqualTo(ALICE));
  }

  @Test
  void aStreamWithoutWaitingIsOfWhoeverAskedForIt() throws Exception {
    try (CallContext.Scope scope = CallContext.of(ALICE).open()) {
      try (ResponseStream<GenerateContentResponse> answer =
          client.async.models.generateContentStream(SdkClient.MODEL, "Hello", null).get()) {
        answer.forEach(piece -> assertThat(piece.candidates()).isPresent());
      }
    }

    assertThat(record().attribution()).isEqualTo(ALICE);
    assertThat(record().details().streamed()).isTrue();
    assertThat(record().tokens().output()).isEqualTo(27);
  }

  @Test
  void embeddingsAreRecordedThoughTheyReportNothing() {
    provider.answering(FakeAnswer.json("{\"embeddings\": [{\"values\": [0.5, 0.25]}]}"));

    var unused =
        client.models.embedContent(
            "gemini-embedding-001", "Hello", EmbedContentConfig.builder().build());

    assertThat(record().model()).isEqualTo("gemini-embedding-001");
    assertThat(record().operation()).isEqualTo("embeddings");
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void imagesAreRecorded() {
    provider.answering(
        FakeAnswer.json(
            "{\"predictions\": [{\"mimeType\": \"image/png\", \"bytesBase64Encoded\": \"aGk=\"}]}"));

    try (Client vertex = vertex()) {
      var unused =
          vertex.models.generateImages(
              "imagen-4.0-generate-001",
              "A tap",
              GenerateImagesConfig.builder().numberOfImages(1).build());
    }

    assertThat(record().model()).isEqualTo("imagen-4.0-generate-001");
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void modelsOfVertexAreRecordedAsItsOwn() {
    try (Client vertex = vertex()) {
      GenerateContentResponse unused =
          vertex.models.generateContent(SdkClient.MODEL, "Hello", null);
    }

    assertThat(record().model()).isEqualTo(SdkClient.MODEL);
    assertThat(record().provider()).isEqualTo("gcp.vertex_ai");
    assertThat(record().tokens().output()).isEqualTo(200);
  }

  @Test
  void tokensThatAreOnlyCountedAreNotRecorded() {
    provider.answering(FakeAnswer.json("{\"totalTokens\": 5}"));

    assertThat(client.models.countTokens(SdkClient.MODEL, "Hello", null).totalTokens()).contains(5);
    assertThat(records()).isEmpty();
  }

  @Test
  void aClientOfTheApplicationsKeepsItsInterceptorsBelowTheMetering() {
    List<Boolean> found = new CopyOnWriteArrayList<>();
    OkHttpClient own =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  found.add(CallContext.current().call().isPresent());
                  return chain.proceed(chain.request());
                })
            .build();
    try (Client layered =
        SdkClient.of(
            provider.uri(), MeteredGenAi.by(Tap.of(accounting).attribution(ALICE)).options(own))) {
      GenerateContentResponse unused =
          layered.models.generateContent(SdkClient.MODEL, "Hello", null);
    }

    assertThat(record().attribution()).isEqualTo(ALICE);
    assertThat(found).hasSize(1);
  }

  @Test
  void anAnswerThatCouldNotBeRecordedIsThrownInsteadOfIt() {
    accounting.limits().save(Limit.named("any").requests(10).rolling(Duration.ofDays(1)));
    provider.answeringAll(
        request -> {
          backend.breakDown();
          return GEMINI.answer();
        });

    Throwable thrown =
        catchThrowable(() -> client.models.generateContent(SdkClient.MODEL, "Hello", null));
    backend.recover();

    assertThat(thrown).isInstanceOf(BackendException.class);
  }
}
