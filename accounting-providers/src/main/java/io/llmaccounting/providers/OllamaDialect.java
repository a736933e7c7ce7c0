package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** Ollama: counts at the top of the last object; a prompt that was cached is not counted at all. */
final class OllamaDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .rootCounts("prompt_eval_count", "eval_count")
          .keys("embeddings")
          .word(Word.MODEL, "model")
          .word(Word.FINISH, "done_reason")
          .word(Word.CREATED, "created_at")
          .word(Word.MARK, "done")
          .count(Count.INPUT, "prompt_eval_count")
          .count(Count.OUTPUT, "eval_count");

  @Override
  public Shape shape() {
    return Shape.OLLAMA;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        false,
        event.root.has("prompt_eval_count")
            || event.root.has("eval_count")
            || (event.word("done") != null && event.word("created_at") != null),
        false);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.provider("ollama");
    state.terminated(event.wordIs("done", "true") || event.hasKey("embeddings"));
  }

  @Override
  public Convention convention(AnswerState state) {
    boolean embedded = state.words().get(Word.FINISH) == null && !state.inPieces();
    return embedded ? Convention.INSIDE.withoutOutput() : Convention.INSIDE;
  }
}
