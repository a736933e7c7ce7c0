package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** Bedrock's InvokeModel of Titan and Llama, and the metrics that it adds to any stream. */
final class BedrockInvokeDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("amazon-bedrock-invocationMetrics")
          .rootCounts(
              "inputTextTokenCount",
              "results.tokenCount",
              "totalOutputTextTokenCount",
              "prompt_token_count",
              "generation_token_count")
          .keys("amazon-bedrock-invocationMetrics", "results", "embedding")
          .word(Word.FINISH, "stop_reason", "results.completionReason", "completionReason")
          .count(Count.INPUT, "inputTokenCount", "inputTextTokenCount", "prompt_token_count")
          .count(Count.CACHE_READ, "cacheReadInputTokenCount")
          .count(Count.CACHE_WRITE, "cacheWriteInputTokenCount")
          .count(
              Count.OUTPUT,
              "outputTokenCount",
              "results.tokenCount",
              "totalOutputTextTokenCount",
              "generation_token_count");

  @Override
  public Shape shape() {
    return Shape.BEDROCK_INVOKE;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        false,
        event.root.has("inputTextTokenCount")
            || event.root.has("prompt_token_count")
            || event.root.has("generation_token_count"),
        event.usages.containsKey("amazon-bedrock-invocationMetrics"));
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.provider("aws.bedrock");
    boolean metrics = event.usages.containsKey("amazon-bedrock-invocationMetrics");
    state.terminated(
        metrics || state.words().get(Word.FINISH) != null || event.hasKey("embedding"));
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.CACHE_BESIDE;
  }

  /** Embeddings have no output. */
  @Override
  public TokenReading tokens(UsageTree usage, UsageCounts counts, AnswerState state) {
    boolean embedding = usage.has("inputTextTokenCount") && !counts.has(Count.OUTPUT);
    Convention convention = convention(state);
    return (embedding && state.words().get(Word.FINISH) == null
            ? convention.withoutOutput()
            : convention)
        .read(counts);
  }
}
