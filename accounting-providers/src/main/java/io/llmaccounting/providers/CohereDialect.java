package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** Cohere, version 2: what is billed counts, not what the model saw. */
final class CohereDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("usage", "delta.usage", "meta")
          .word(Word.ID, "id")
          .word(Word.FINISH, "delta.finish_reason", "finish_reason")
          .word(Word.MARK, "type", "event_type")
          .count(Count.INPUT, "billed_units.input_tokens")
          .count(Count.CACHE_READ, "cached_tokens")
          .count(Count.OUTPUT, "billed_units.output_tokens")
          .extra("search_units", "billed_units.search_units")
          .extra("classifications", "billed_units.classifications")
          .extra("images", "billed_units.images")
          .extra("image_tokens", "billed_units.image_tokens")
          .partOfOthers("tokens.input_tokens", "tokens.output_tokens", "tokens.image_tokens");

  @Override
  public Shape shape() {
    return Shape.COHERE_V2;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    UsageTree usage = event.firstUsage(FIELDS.usages());
    return Evidence.of(
        false,
        event.wordIs("type", "message-start", "message-end", "content-start", "content-delta")
            || (usage != null && usage.has("billed_units")),
        false);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.provider("cohere");
    boolean whole = event.word("type") == null && usage != null;
    state.terminated(whole || event.wordIs("type", "message-end"));
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE.withoutOutput();
  }

  /** Rankings are billed by the search, so they tell no tokens. */
  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    if (usage.has("billed_units") && !counts.has(Count.OUTPUT)) {
      counts.orZero(Count.INPUT);
    }
    return convention(state).read(counts);
  }
}
