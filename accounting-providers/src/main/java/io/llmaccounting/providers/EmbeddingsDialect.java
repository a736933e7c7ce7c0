package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** OpenAI's embeddings: no output, and a complete answer or none. */
final class EmbeddingsDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("usage")
          .keys("data", "results")
          .word(Word.ID, "id")
          .word(Word.MODEL, "model")
          .word(Word.MARK, "object", "custom_id")
          .count(Count.INPUT, "prompt_tokens", "input_tokens")
          .count(Count.OUTPUT, "completion_tokens")
          .count(Count.CACHE_READ, "prompt_tokens_details.cached_tokens")
          .count(Count.TOTAL, "total_tokens")
          .extra("image_pixels", "image_pixels")
          .partOfOthers("text_tokens", "image_tokens");

  @Override
  public Shape shape() {
    return Shape.OPENAI_EMBEDDINGS;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    boolean onlyTotal =
        event.usageHas("total_tokens")
            && !event.usageHas(
                "completion_tokens", "output_tokens", "prompt_tokens", "input_tokens");
    return Evidence.of(
        event.wordIs("object", "list"), false, event.hasKey("data", "results") && onlyTotal);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.terminated(usage != null);
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE.withoutOutput();
  }

  /** Voyage and Jina tell the total alone, which is all input. */
  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    counts.orElse(Count.INPUT, Count.TOTAL);
    return convention(state).read(counts);
  }
}
