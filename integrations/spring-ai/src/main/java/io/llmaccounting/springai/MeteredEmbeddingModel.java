package io.llmaccounting.springai;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Accessors;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.usage.ModelAnswer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;

/**
 * An embedding model whose calls are metered, as {@link MeteredChatModel} does it. Each request to
 * the model is one record: of many documents, each batch. A single document is embedded by the
 * model's own method, which tells no usage: its record has an estimate. {@link #dimensions} is not
 * metered: most models know it, others embed a word to find it out. Safe for use by many threads if
 * the model that it decorates is.
 */
public final class MeteredEmbeddingModel implements EmbeddingModel {
  private final EmbeddingModel model;
  private final Asking asking;
  private final String module;

  private MeteredEmbeddingModel(EmbeddingModel model, Tap tap) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.asking = new Asking(tap);
    this.module = Seller.module(model);
  }

  /** Meters {@code model} by {@code meter}. */
  public static EmbeddingModel of(EmbeddingModel model, CallMeter meter) {
    return of(model, Tap.of(meter));
  }

  /** Meters {@code model} as {@code tap} says. */
  public static EmbeddingModel of(EmbeddingModel model, Tap tap) {
    return new MeteredEmbeddingModel(model, tap);
  }

  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    EmbeddingOptions options = request.getOptions();
    return metered(
        options == null ? null : options.getModel(),
        request.getInstructions(),
        () -> model.call(request),
        this::told);
  }

  @Override
  public float[] embed(Document document) {
    return metered(
        null,
        List.of(Objects.requireNonNullElse(document.getText(), "")),
        () -> model.embed(document),
        vector -> ModelAnswer.withoutUsage());
  }

  /** Reads an answer. */
  private interface Reading<T> {
    ModelAnswer of(T answer);
  }

  private <T> T metered(
      @Nullable String named, List<String> texts, Supplier<T> ask, Reading<T> reading) {
    Optional<MeteredRequest> request = asking.request(() -> asked(named, texts), false);
    return request.isEmpty()
        ? ask.get()
        : asking.ask(
            request.get(), ask, (answer, isRead) -> ToldAnswer.whole(reading.of(answer), null));
  }

  private CallRequest asked(@Nullable String named, List<String> texts) {
    long characters = texts.stream().mapToLong(Asked::length).sum();
    return Asked.of(
        named == null ? Models.named(model, EmbeddingOptions.class) : named,
        module,
        "embeddings",
        characters);
  }

  private ModelAnswer told(EmbeddingResponse response) {
    EmbeddingResponseMetadata metadata = response.getMetadata();
    return metadata == null
        ? ModelAnswer.withoutUsage()
        : new Figures(null, metadata.getModel(), null).answer(metadata.getUsage(), module);
  }

  /**
   * What the model embeds of a document. Spring AI 2.0 asks this where it embeds many of them.
   *
   * @return null if it has no text
   */
  public @Nullable String getEmbeddingContent(Document document) {
    return Accessors.ask(model, "getEmbeddingContent", Document.class, document) instanceof String s
        ? s
        : document.getText();
  }

  @Override
  public int dimensions() {
    return model.dimensions();
  }

  @Override
  public String toString() {
    return "MeteredEmbeddingModel[" + model + "]";
  }
}
