package io.llmaccounting.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Asking;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model whose calls are metered, as {@link MeteredChatModel} does it. A call is one
 * record with the tokens of all its texts, in however many requests the model sends them. {@link
 * #dimension} is not metered: most models know it, others embed a word to find it out. Safe for use
 * by many threads if the model that it decorates is.
 */
public final class MeteredEmbeddingModel implements EmbeddingModel {
  private final EmbeddingModel model;
  private final Asking asking;

  private MeteredEmbeddingModel(EmbeddingModel model, Tap tap) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.asking = new Asking(tap);
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
  public EmbeddingResponse embed(EmbeddingRequest request) {
    return metered(request, () -> model.embed(request));
  }

  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    return metered(request, () -> model.doEmbed(request));
  }

  @Override
  public Response<Embedding> embed(String text) {
    return metered(() -> text == null ? 0 : text.length(), () -> model.embed(text));
  }

  @Override
  public Response<Embedding> embed(TextSegment segment) {
    return metered(() -> segment == null ? 0 : segment.text().length(), () -> model.embed(segment));
  }

  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    return segments == null || segments.isEmpty()
        ? model.embedAll(segments)
        : metered(() -> Texts.characters(segments), () -> model.embedAll(segments));
  }

  private EmbeddingResponse metered(EmbeddingRequest request, Supplier<EmbeddingResponse> ask) {
    Optional<MeteredRequest> metered = request(() -> named(request), () -> characters(request));
    return metered.isEmpty()
        ? ask.get()
        : asking.ask(
            metered.get(),
            ask,
            (answer, isRead) -> Texts.summed(answer.tokenUsage(), answer.modelName()));
  }

  private <T> Response<T> metered(LongSupplier characters, Supplier<Response<T>> ask) {
    Optional<MeteredRequest> metered = request(model::modelName, characters);
    return metered.isEmpty()
        ? ask.get()
        : asking.ask(
            metered.get(), ask, (answer, isRead) -> Texts.summed(answer.tokenUsage(), null));
  }

  private Optional<MeteredRequest> request(
      Supplier<@Nullable String> name, LongSupplier characters) {
    return asking.request(
        () -> Asked.of(name.get(), model.provider(), "embeddings", characters.getAsLong()), false);
  }

  private @Nullable String named(EmbeddingRequest request) {
    String named = request.modelName();
    return named == null ? model.modelName() : named;
  }

  private static long characters(EmbeddingRequest request) {
    long characters = 0;
    for (EmbeddingInput input : request.inputs()) {
      for (Content content : input.contents()) {
        characters += content instanceof TextContent text ? text.text().length() : 0;
      }
    }
    return characters;
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return model.listeners();
  }

  @Override
  public ModelProvider provider() {
    return model.provider();
  }

  @Override
  public EmbeddingRequestParameters defaultRequestParameters() {
    return model.defaultRequestParameters();
  }

  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return model.supportedParameters();
  }

  @Override
  public Set<ContentType> supportedContentTypes() {
    return model.supportedContentTypes();
  }

  @Override
  public int dimension() {
    return model.dimension();
  }

  @Override
  public String modelName() {
    return model.modelName();
  }
}
