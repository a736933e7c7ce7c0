package io.llmaccounting.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.TokenCountBatchingStrategy;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageGeneration;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImageOptionsBuilder;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;

/** Models that do not chat. */
class OtherModelsTest extends Scene {
  private EmbeddingModel embeddings() {
    return MeteredEmbeddingModel.of(Providers.embeddings(provider.uri()), accounting);
  }

  @Test
  void everyWayToEmbedTextsIsOneRecord() {
    EmbeddingModel model = embeddings();

    model.embed("one");
    model.embed(List.of("one"));
    model.embedForResponse(List.of("one"));
    model.embed(
        List.of(new Document("one")),
        Providers.embeddingOptions(),
        new TokenCountBatchingStrategy());

    assertThat(provider.count()).isEqualTo(4);
    assertThat(records())
        .hasSize(4)
        .allSatisfy(
            call -> {
              assertThat(call.model()).isEqualTo("text-embedding-3-small");
              assertThat(call.operation()).isEqualTo("embeddings");
              assertThat(call.provider()).isEqualTo("openai");
              assertThat(call.source()).isEqualTo(TokenSource.REPORTED);
              assertThat(call.tokens().total()).isEqualTo(8);
            });
  }

  @Test
  void aSingleDocumentIsAnEstimate() {
    embeddings().embed(new Document("twelve chars"));

    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
    assertThat(record().tokens().input()).isEqualTo(3);
  }

  @Test
  void whatIsDeniedIsNotSent() {
    allow(0);
    EmbeddingModel model = embeddings();

    assertThatThrownBy(() -> model.embed("one")).isInstanceOf(QuotaExceededException.class);
    assertThatThrownBy(() -> model.embed(new Document("one")))
        .isInstanceOf(QuotaExceededException.class);
    assertThat(provider.count()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void embeddingsThatFailAreOneRecord() {
    provider.answeringAll(request -> FakeAnswer.error(400));
    EmbeddingModel model = embeddings();

    assertThatThrownBy(() -> model.embed("one")).isInstanceOf(RuntimeException.class);
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().source()).isEqualTo(TokenSource.MISSING);
  }

  @Test
  void howManyDimensionsThereAreIsNotMetered() {
    assertThat(embeddings().dimensions()).isEqualTo(3);

    assertThat(records()).isEmpty();
    assertThat(provider.count()).isEqualTo(1);
  }

  @Test
  void anImageIsOneRecordUnderTheNameInItsOptions() {
    ImageModel images =
        prompt -> new ImageResponse(List.of(new ImageGeneration(new Image("http://none", null))));
    ImagePrompt prompt =
        new ImagePrompt("a cat", ImageOptionsBuilder.builder().model("gpt-image-1").build());

    ImageResponse answer = MeteredImageModel.of(images, accounting).call(prompt);

    assertThat(answer.getResult().getOutput().getUrl()).isEqualTo("http://none");
    assertThat(record().model()).isEqualTo("gpt-image-1");
    assertThat(record().operation()).isEqualTo("image_generation");
    assertThat(record().source()).isEqualTo(TokenSource.ESTIMATED);
  }

  @Test
  void anImageThatIsDeniedIsNotMade() {
    allow(0);
    ImageModel images =
        prompt -> {
          throw new AssertionError("it was asked");
        };

    assertThatThrownBy(
            () -> MeteredImageModel.of(images, accounting).call(new ImagePrompt("a cat")))
        .isInstanceOf(QuotaExceededException.class);
    assertThat(records()).isEmpty();
  }
}
