package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Mistral's document reading, which is billed by the page and has no tokens. */
final class OcrDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("usage_info")
          .word(Word.MODEL, "model")
          .extra("pages", "pages_processed");

  @Override
  public Shape shape() {
    return Shape.MISTRAL_OCR;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    UsageTree usage = event.usages.get("usage_info");
    return Evidence.of(false, usage != null && usage.has("pages_processed"), false);
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.provider("mistral_ai");
    state.terminated(usage != null);
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.INSIDE;
  }

  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    if (!usage.has("pages_processed")) {
      throw new IllegalArgumentException("usage must have pages, was " + usage.json());
    }
    return new TokenReading(TokenUsage.NONE, true, true);
  }
}
