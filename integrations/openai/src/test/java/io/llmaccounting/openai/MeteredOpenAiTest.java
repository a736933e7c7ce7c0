package io.llmaccounting.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.images.ImageGenerateParams;
import io.llmaccounting.call.CallContext;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What of OpenAI's SDK is beyond the contract of all adapters. */
class MeteredOpenAiTest extends Scene {
  private static final Attribution ALICE =
      Attribution.NONE.withUser("Alice & Bøb").withProject("search").withTag("team", "a=b");

  @Test
  void oneCallCanSayWhoMakesIt() {
    ChatCompletion unused =
        client
            .chat()
            .completions()
            .create(chat().putAllAdditionalHeaders(MeteredOpenAi.attribution(ALICE)).build());

    assertThat(record().attribution()).isEqualTo(ALICE);
    assertThat(provider.requests().get(0).headers().keySet())
        .noneMatch(name -> name.contains("accounting"));
  }

  @Test
  void whatACallSaysComesBeforeItsContextAlsoWithoutWaiting() {
    try (CallContext.Scope bob =
        CallContext.of(Attribution.NONE.withUser("bob").withSession("s")).open()) {
      ChatCompletion unused =
          client
              .async()
              .chat()
              .completions()
              .create(
                  chat()
                      .putAllAdditionalHeaders(
                          MeteredOpenAi.attribution(Attribution.NONE.withUser("alice")))
                      .build())
              .join();
    }

    assertThat(record().attribution().user()).isEqualTo("alice");
    assertThat(record().attribution().session()).isEqualTo("s");
  }

  @Test
  void oneCallCanBeLeftOut() {
    ChatCompletion unused =
        client
            .chat()
            .completions()
            .create(chat().putAllAdditionalHeaders(MeteredOpenAi.unmetered()).build());

    assertThat(records()).isEmpty();
    assertThat(provider.requests().get(0).headers().keySet())
        .noneMatch(name -> name.contains("accounting"));
  }

  @Test
  void aClientWithOtherOptionsIsMeteredBelowThem() {
    OpenAIClient patient =
        client.withOptions(
            options ->
                options
                    .maxRetries(4)
                    .putAllHeaders(MeteredOpenAi.attribution(ALICE))
                    .putHeader("X-Own", "kept"));
    provider.answering(FakeAnswer.tooMany(0), FakeAnswer.tooMany(0), FakeAnswer.tooMany(0));

    ChatCompletion unused =
        patient.chat().withOptions(options -> {}).completions().create(chat().build());

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
    ChatCompletion bareAnswer = bare.chat().completions().create(chat().build());

    ChatCompletion answer = client.chat().completions().create(chat().build());

    assertThat(answer).isEqualTo(bareAnswer);
    assertThat(provider.requests().get(1).headers())
        .isEqualTo(provider.requests().get(0).headers());
    assertThat(provider.requests().get(1).text()).isEqualTo(provider.requests().get(0).text());
  }

  @Test
  void rawResponsesAreMetered() {
    try (HttpResponseFor<ChatCompletion> raw =
        client.withRawResponse().chat().completions().create(chat().build())) {
      assertThat(raw.statusCode()).isEqualTo(200);
      assertThat(raw.parse().choices()).isNotEmpty();
    }

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
  }

  @Test
  void aStreamWithoutWaitingIsOneRecord() {
    List<ChatCompletionChunk> chunks = new CopyOnWriteArrayList<>();
    OpenAIClientAsync async = MeteredOpenAi.of(bare.async(), accounting);

    Void unused =
        async
            .chat()
            .completions()
            .createStreaming(chat().build())
            .subscribe(chunks::add)
            .onCompleteFuture()
            .join();

    assertThat(chunks).hasSize(3);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    assertThat(record().details().streamed()).isTrue();
  }

  @Test
  void aStreamWithoutWaitingThatIsClosedBeforeItsAnswerIsCancelled() throws Exception {
    Gate gate = new Gate();
    provider.answeringAll(request -> ProviderShape.OPENAI_CHAT.stream().waitingBefore(-1, gate));
    AsyncStreamResponse<ChatCompletionChunk> answer =
        client.async().chat().completions().createStreaming(chat().build());
    gate.awaitReached();

    answer.close();
    gate.open();

    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void embeddingsAreRecordedWithTheirTokens() {
    var unused =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("text-embedding-3-small")
                    .input("Hello")
                    .build());

    assertThat(record().tokens().input()).isEqualTo(8);
    assertThat(record().model()).isEqualTo("text-embedding-3-small");
  }

  @Test
  void imagesAreRecordedWithTheTokensThatAreReported() {
    provider.answering(
        FakeAnswer.json(
            """
            {"created": 1, "data": [{"b64_json": "aGk="}], "usage": {"total_tokens": 100,
             "input_tokens": 50, "output_tokens": 50,
             "input_tokens_details": {"text_tokens": 10, "image_tokens": 40}}}"""));

    var unused =
        client
            .images()
            .generate(ImageGenerateParams.builder().model("gpt-image-1").prompt("A tap").build());

    assertThat(record().tokens().output()).isEqualTo(50);
    assertThat(record().tokens().input()).isEqualTo(50);
    assertThat(record().model()).isEqualTo("gpt-image-1");
  }

  @Test
  void transcriptionsAreUploadedUnchangedAndRecorded() {
    provider.answering(
        FakeAnswer.json(
            """
            {"text": "Hello", "usage": {"type": "tokens", "input_tokens": 14, "output_tokens": 45,
             "total_tokens": 59, "input_token_details": {"text_tokens": 0, "audio_tokens": 14}}}"""));

    var answer =
        client
            .audio()
            .transcriptions()
            .create(
                TranscriptionCreateParams.builder()
                    .model("gpt-4o-transcribe")
                    .file(new ByteArrayInputStream("not really audio".getBytes()))
                    .build());

    assertThat(answer.asTranscription().text()).isEqualTo("Hello");
    assertThat(sent()).contains("not really audio", "gpt-4o-transcribe");
    assertThat(record().tokens().output()).isEqualTo(45);
    assertThat(record().model()).isEqualTo("gpt-4o-transcribe");
    assertThat(contained).isEmpty();
  }

  @Test
  void speechIsRecordedThoughItReportsNothing() throws Exception {
    provider.answering(FakeAnswer.json("sound").header("Content-Type", "audio/mpeg"));

    try (HttpResponse sound =
        client
            .audio()
            .speech()
            .create(
                SpeechCreateParams.builder()
                    .model("gpt-4o-mini-tts")
                    .voice("alloy")
                    .input("Hello")
                    .build())) {
      assertThat(sound.body().readAllBytes()).asString().isEqualTo("sound");
    }

    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isNotEqualTo(TokenSource.REPORTED);
  }

  @Test
  void layersBelowABlockingClientFindItsCall() {
    List<Boolean> found = new CopyOnWriteArrayList<>();
    OpenAIClient layered =
        MeteredOpenAi.of(
            SdkClient.builder(provider.uri())
                .addInterceptor(
                    chain -> {
                      found.add(CallContext.current().call().isPresent());
                      return chain.proceed(chain.request());
                    }),
            accounting);

    ChatCompletion unused = layered.chat().completions().create(chat().build());

    assertThat(found).containsExactly(true);
    assertThat(CallContext.current().call()).isEmpty();
    layered.close();
  }

  @Test
  void whatAsksNoModelIsNotRecorded() {
    provider.answering(FakeAnswer.json("{\"object\":\"list\",\"data\":[]}"));

    assertThat(client.models().list().data()).isEmpty();
    assertThat(records()).isEmpty();
  }

  @Test
  void aMeteredClientThatIsForgottenLeavesTheGivenOneOpen() {
    MeteredOpenAi.of(bare, accounting).chat().completions().create(chat().build());
    System.gc();

    assertThat(bare.chat().completions().create(chat().build()).choices()).isNotEmpty();
    assertThat(client).isNotEqualTo(bare).hasToString(bare.toString());
  }
}
