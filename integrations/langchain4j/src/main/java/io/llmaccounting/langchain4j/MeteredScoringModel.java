package io.llmaccounting.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.tap.Tap;
import io.llmaccounting.tap.internal.Asking;
import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.usage.ModelAnswer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A scoring model (a reranker) whose calls are metered, as {@link MeteredChatModel} does it. Its
 * type does not tell the name of the model, so that is given here. Safe for use by many threads if
 * the model that it decorates is.
 */
public final class MeteredScoringModel implements ScoringModel {
  private static final String OF_COHERE = "dev.langchain4j.model.cohere.";

  private final ScoringModel model;
  private final String name;
  private final Asking asking;

  private MeteredScoringModel(ScoringModel model, String name, Tap tap) {
    this.model = Objects.requireNonNull(model, "model is required, was null");
    this.name = CallRequest.to(name).model();
    this.asking = new Asking(tap);
  }

  /**
   * Meters {@code model}.
   *
   * @param name the name of the model, for instance {@code rerank-v3.5}
   * @throws IllegalArgumentException if it is blank, has blanks around it, or exceeds 255 bytes
   */
  public static ScoringModel of(ScoringModel model, String name, CallMeter meter) {
    return of(model, name, Tap.of(meter));
  }

  /**
   * Meters {@code model} as {@code tap} says, which can name the provider.
   *
   * @throws IllegalArgumentException if the name is blank, has blanks around it, or exceeds 255
   *     bytes
   */
  public static ScoringModel of(ScoringModel model, String name, Tap tap) {
    return new MeteredScoringModel(model, name, tap);
  }

  @Override
  public Response<Double> score(String text, String query) {
    return metered(() -> text.length() + query.length(), () -> model.score(text, query));
  }

  @Override
  public Response<Double> score(TextSegment segment, String query) {
    return metered(
        () -> segment.text().length() + query.length(), () -> model.score(segment, query));
  }

  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    return metered(
        () -> Texts.characters(segments) + query.length(), () -> model.scoreAll(segments, query));
  }

  private <T> Response<T> metered(LongSupplier characters, Supplier<Response<T>> ask) {
    Optional<MeteredRequest> metered =
        asking.request(() -> Asked.of(name, null, "rerank", characters.getAsLong()), false);
    return metered.isEmpty()
        ? ask.get()
        : asking.ask(metered.get(), ask, (answer, isRead) -> told(answer));
  }

  /** What the module for Cohere tells as input tokens are the search units that are billed. */
  private ToldAnswer told(Response<?> answer) {
    dev.langchain4j.model.output.TokenUsage usage = answer.tokenUsage();
    boolean inUnits = model.getClass().getName().startsWith(OF_COHERE);
    if (!inUnits || usage == null || usage.inputTokenCount() == null) {
      return Texts.summed(usage, null);
    }
    long units = usage.inputTokenCount();
    return ToldAnswer.whole(
        ModelAnswer.builder().provider("cohere").extras(Map.of("search_units", units)).build(),
        null);
  }
}
