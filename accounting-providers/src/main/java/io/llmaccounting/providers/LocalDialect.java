package io.llmaccounting.providers;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Servers of models on one's own machines: counts at the top of the answer, or of its last part.
 */
final class LocalDialect implements Dialect {
  /** Ollama; a prompt that was cached is not counted at all. */
  static final Dialect OLLAMA =
      new LocalDialect(
          Shape.OLLAMA,
          new AnswerFields()
              .rootCounts("prompt_eval_count", "eval_count")
              .keys("embeddings")
              .word(Word.MODEL, "model")
              .word(Word.FINISH, "done_reason")
              .word(Word.CREATED, "created_at")
              .word(Word.MARK, "done")
              .count(Count.INPUT, "prompt_eval_count")
              .count(Count.OUTPUT, "eval_count"),
          "done",
          "ollama");

  /** The completions of llama.cpp's server. */
  static final Dialect LLAMA_CPP =
      new LocalDialect(
          Shape.LLAMA_CPP,
          new AnswerFields()
              .rootCounts("tokens_evaluated", "tokens_predicted", "timings.cache_n")
              .word(Word.MODEL, "model")
              .word(Word.FINISH, "stop_type")
              .word(Word.MARK, "stop")
              .count(Count.INPUT, "tokens_evaluated")
              .count(Count.CACHE_READ, "timings.cache_n")
              .count(Count.OUTPUT, "tokens_predicted"),
          "stop",
          null);

  private final Shape shape;
  private final AnswerFields fields;
  private final String end;
  private final @Nullable String provider;

  private LocalDialect(Shape shape, AnswerFields fields, String end, @Nullable String provider) {
    this.shape = shape;
    this.fields = fields;
    this.end = end;
    this.provider = provider;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public AnswerFields fields() {
    return fields;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    boolean counts =
        Stream.of(Count.INPUT, Count.OUTPUT)
            .flatMap(count -> fields.counts(count).stream())
            .anyMatch(path -> event.root.has(path.text()));
    boolean piece = event.word(end) != null && event.firstWord(fields.words(Word.CREATED)) != null;
    return Evidence.of(false, counts || piece, false);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    if (provider != null) {
      state.provider(provider);
    }
    state.terminated(event.wordIs(end, "true") || isOfEmbeddings(event));
  }

  private boolean isOfEmbeddings(AnswerEvent event) {
    return fields.keys().stream().anyMatch(event::hasKey);
  }

  @Override
  public Convention convention(AnswerState state) {
    boolean embedded =
        !fields.keys().isEmpty() && state.words().get(Word.FINISH) == null && !state.inPieces();
    return embedded ? Convention.INSIDE.withoutOutput() : Convention.INSIDE;
  }
}
