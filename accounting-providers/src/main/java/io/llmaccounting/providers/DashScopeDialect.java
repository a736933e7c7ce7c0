package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** DashScope in its own form: counted as OpenAI counts, wrapped in an output of its own. */
final class DashScopeDialect implements Dialect {
  private static final AnswerFields FIELDS =
      OpenAiFields.addTo(
          new AnswerFields()
              .usageAt("usage")
              .keys("output", "output.choices", "output.embeddings")
              .word(Word.ID, "request_id")
              .word(Word.FINISH, "output.finish_reason", "output.choices.finish_reason")
              .word(Word.MARK, "output.text"));

  @Override
  public Shape shape() {
    return Shape.DASHSCOPE;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        false,
        event.word("request_id") != null
            && (event.hasKey("output.choices", "output.embeddings")
                || (event.hasKey("output") && event.usage() != null)),
        false);
  }

  /** Every event of a stream has usage; the last one says why it ended, "null" until then. */
  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    String finish = state.words().get(Word.FINISH);
    boolean ended = finish != null && !finish.equals("null");
    state.terminated(usage != null && (ended || event.hasKey("output.embeddings")));
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE;
  }

  /** Embeddings tell the total alone, which is all input. */
  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    boolean onlyTotal = !counts.has(Count.INPUT) && !counts.has(Count.OUTPUT);
    if (onlyTotal && state.words().get(Word.FINISH) == null) {
      counts.orElse(Count.INPUT, Count.TOTAL);
    }
    return convention(state).read(counts);
  }
}
