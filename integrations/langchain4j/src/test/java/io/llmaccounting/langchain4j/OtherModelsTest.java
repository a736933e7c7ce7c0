package io.llmaccounting.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models that do not chat. */
class OtherModelsTest extends Scene {
  private static final List<TextSegment> THREE =
      List.of(TextSegment.from("one"), TextSegment.from("two"), TextSegment.from("three"));

  private EmbeddingModel embeddings(int batch) {
    return MeteredEmbeddingModel.of(
        OpenAiEmbeddingModel.builder()
            .baseUrl(provider.uri().resolve("/v1").toString())
            .apiKey("none")
            .modelName("text-embedding-3-small")
            .maxSegmentsPerBatch(batch)
            .maxRetries(0)
            .httpClientBuilder(TellingHttp.of(new JdkHttpClientBuilder()))
            .build(),
        accounting);
  }

  private static ScoringModel scoring(TokenUsage usage) {
    return new ScoringModel() {
      @Override
      public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        return Response.from(segments.stream().map(segment -> 0.5).toList(), usage);
      }
    };
  }

  @Test
  void everyWayToEmbedIsOneRecord() {
    EmbeddingModel model = embeddings(100);

    model.embed("one");
    model.embed(TextSegment.from("one"));
    model.embedAll(List.of(TextSegment.from("one")));
    model.embed(EmbeddingRequest.builder().input("one").build());

    assertThat(provider.count()).isEqualTo(4);
    assertThat(records())
        .hasSize(4)
        .allSatisfy(
            call -> {
              assertThat(call.model()).isEqualTo("text-embedding-3-small");
              assertThat(call.operation()).isEqualTo("embeddings");
              assertThat(call.provider()).isEqualTo("openai");
              assertThat(call.tokens().total()).isEqualTo(8);
            });
  }

  @Test
  void manyTextsInSeveralRequestsAreOneRecordOfAllTheirTokens() {
    embeddings(1).embedAll(THREE);

    Usage record = record();
    assertThat(provider.count()).isEqualTo(3);
    assertThat(record.tokens().input()).isEqualTo(24);
    assertThat(record.details().attempts()).isEqualTo(3);
  }

  @Test
  void noTextsAreNoCallAndADeniedCallIsNotSent() {
    EmbeddingModel model = embeddings(100);
    denyAll();

    assertThat(model.embedAll(List.of()).content()).isEmpty();
    assertThatThrownBy(() -> model.embed("one")).isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void embeddingsThatFailAreOneRecord() {
    provider.answering(FakeAnswer.error(500));
    EmbeddingModel model = embeddings(100);

    assertThatThrownBy(() -> model.embed("one")).isInstanceOf(RuntimeException.class);
    assertThat(record().source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void anEmbeddingModelKnowsWhatTheOneItDecoratesKnows() {
    EmbeddingModel model = embeddings(100);

    assertThat(model.dimension()).isEqualTo(1_536);
    assertThat(model.modelName()).isEqualTo("text-embedding-3-small");
    assertThat(model.supportedParameters()).isNotEmpty();
    assertThat(provider.count()).isZero();
  }

  @Test
  void scoresAreRecordedUnderTheNameThatIsGiven() {
    ScoringModel model =
        MeteredScoringModel.of(scoring(new TokenUsage(33)), "jina-reranker-v2", accounting);

    assertThat(model.score("text", "query").content()).isEqualTo(0.5);
    assertThat(model.scoreAll(THREE, "query").content()).hasSize(3);

    assertThat(records())
        .hasSize(2)
        .allSatisfy(
            call -> {
              assertThat(call.model()).isEqualTo("jina-reranker-v2");
              assertThat(call.operation()).isEqualTo("rerank");
              assertThat(call.tokens().input()).isEqualTo(33);
            });
  }

  /** What a model makes of it, is its own affair: nothing of ours may come in between. */
  @Test
  void textsThatAreMissingAreTheModelsToAnswer() {
    ScoringModel model =
        MeteredScoringModel.of(scoring(new TokenUsage(33)), "jina-reranker-v2", accounting);
    EmbeddingModel embeddings = MeteredEmbeddingModel.of(bareEmbeddings(), accounting);

    assertThat(model.scoreAll(THREE, null).content()).hasSize(3);
    assertThat(embeddings.embed((TextSegment) null).content().vector()).containsExactly(0.5f);
    assertThat(embeddings.embedAll(Collections.singletonList(null)).content()).hasSize(1);

    assertThat(provider.count()).isZero();
    assertThat(accounting.health().counts().contained()).isEqualTo(2);
  }

  private static EmbeddingModel bareEmbeddings() {
    return new EmbeddingModel() {
      @Override
      public Response<Embedding> embed(TextSegment segment) {
        return Response.from(Embedding.from(new float[] {0.5f}));
      }

      @Override
      public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(List.of(Embedding.from(new float[] {0.5f})));
      }
    };
  }

  @Test
  void searchUnitsThatCoheresModuleTellsAsTokensAreCountedApart() {
    ScoringModel cohere = new dev.langchain4j.model.cohere.StandInScoringModel();

    MeteredScoringModel.of(cohere, "rerank-v3.5", accounting).score("text", "query");

    Usage record = record();
    assertThat(record.extras()).containsExactly(entry("search_units", 2L));
    assertThat(record.provider()).isEqualTo("cohere");
    assertThat(record.source()).isNotEqualTo(TokenSource.REPORTED);
  }

  @Test
  void imagesAreRecordedWithTheTokensThatAreTold() {
    ImageModel images =
        new ImageModel() {
          @Override
          public Response<Image> generate(String prompt) {
            return Response.from(
                Image.builder().url("http://localhost").build(), new TokenUsage(5, 1_290));
          }
        };

    MeteredImageModel.of(images, "gemini-2.5-flash-image", accounting).generate("a cat");

    assertThat(record().tokens().output()).isEqualTo(1_290);
    assertThat(record().operation()).isEqualTo("image_generation");
  }
}
