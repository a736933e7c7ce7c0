package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** The completions of llama.cpp's server: counts at the top of the answer. */
final class LlamaCppDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .rootCounts("tokens_evaluated", "tokens_predicted", "timings.cache_n")
          .word(Word.MODEL, "model")
          .word(Word.FINISH, "stop_type")
          .word(Word.MARK, "stop")
          .count(Count.INPUT, "tokens_evaluated")
          .count(Count.CACHE_READ, "timings.cache_n")
          .count(Count.OUTPUT, "tokens_predicted");

  @Override
  public Shape shape() {
    return Shape.LLAMA_CPP;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        false, event.root.has("tokens_evaluated") || event.root.has("tokens_predicted"), false);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.terminated(event.wordIs("stop", "true"));
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE;
  }
}
