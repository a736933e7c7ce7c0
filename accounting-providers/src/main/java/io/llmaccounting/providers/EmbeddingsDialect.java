package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenUsage;

/** OpenAI's embeddings: no output, and a complete answer or none. */
final class EmbeddingsDialect implements Dialect {
  @Override
  public Shape shape() {
    return Shape.OPENAI_EMBEDDINGS;
  }

  @Override
  public boolean recognises(AnswerEvent event) {
    return event.wordIs("object", "list");
  }

  @Override
  public void take(AnswerEvent event, AnswerState state) {
    state.usage(event.usages.get("usage"));
    state.id(event.word("id"));
    state.model(event.word("model"));
    state.terminated(event.usages.containsKey("usage"));
  }

  @Override
  public TokenUsage tokens(UsageTree usage, AnswerState state) {
    return ChatDialect.split(usage, state);
  }
}
