package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/** Cohere, version 2: what is billed counts, not what the model saw. */
final class CohereDialect implements Dialect {
  @Override
  public Shape shape() {
    return Shape.COHERE_V2;
  }

  @Override
  public boolean recognises(AnswerEvent event) {
    UsageTree usage = usage(event);
    return event.wordIs("type", "message-start", "message-end", "content-start", "content-delta")
        || (usage != null && usage.has("billed_units"));
  }

  private static @Nullable UsageTree usage(AnswerEvent event) {
    return event.firstUsage("usage", "delta.usage", "meta");
  }

  @Override
  public void take(AnswerEvent event, AnswerState state) {
    state.provider("cohere");
    UsageTree usage = usage(event);
    state.usage(usage);
    state.id(event.word("id"));
    state.finishReason(event.firstWord("delta.finish_reason", "finish_reason"));
    boolean whole = event.word("type") == null && usage != null;
    state.terminated(whole || event.wordIs("type", "message-end"));
  }

  @Override
  public void extras(UsageTree usage, AnswerState state) {
    state.extra("search_units", usage.count("billed_units", "search_units"));
  }

  @Override
  public TokenUsage tokens(UsageTree usage, AnswerState state) {
    Dialect.require(usage, "billed_units");
    return TokenUsage.cacheIncluded()
        .input(usage.count("billed_units", "input_tokens"))
        .cacheRead(usage.count("cached_tokens"))
        .output(usage.count("billed_units", "output_tokens"))
        .build();
  }
}
