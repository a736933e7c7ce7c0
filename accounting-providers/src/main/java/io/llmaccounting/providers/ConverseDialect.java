package io.llmaccounting.providers;

import org.jspecify.annotations.Nullable;

/** Bedrock's Converse: input excludes cached tokens; the usage is the last event of a stream. */
final class ConverseDialect implements Dialect {
  private static final AnswerFields FIELDS =
      new AnswerFields()
          .usageAt("usage", "metadata.usage")
          .keys(
              "messageStart",
              "contentBlockStart",
              "contentBlockDelta",
              "contentBlockStop",
              "messageStop",
              "output.message",
              "metadata")
          .word(Word.FINISH, "messageStop.stopReason", "stopReason")
          .word(Word.MARK, "recordId")
          .word(Word.TIER, "serviceTier.type", "metadata.serviceTier.type")
          .count(Count.INPUT, "inputTokens")
          .count(Count.CACHE_READ, "cacheReadInputTokens", "cacheReadInputTokenCount")
          .count(Count.CACHE_WRITE, "cacheWriteInputTokens", "cacheWriteInputTokenCount")
          .count(Count.CACHE_WRITE_5M, "cacheDetails[ttl=5m].inputTokens")
          .count(Count.CACHE_WRITE_1H, "cacheDetails[ttl=1h].inputTokens")
          .count(Count.OUTPUT, "outputTokens")
          .count(Count.TOTAL, "totalTokens");

  @Override
  public Shape shape() {
    return Shape.BEDROCK_CONVERSE;
  }

  @Override
  public AnswerFields fields() {
    return FIELDS;
  }

  @Override
  public Evidence recognises(AnswerEvent event) {
    return Evidence.of(
        false,
        event.hasKey(
                "messageStart",
                "contentBlockStart",
                "contentBlockDelta",
                "contentBlockStop",
                "messageStop",
                "output.message")
            || isUsage(event.usages.get("metadata.usage"))
            || (event.word("stopReason") != null && event.usageHas("inputTokens")),
        event.usageHas(
            "cacheReadInputTokens",
            "cacheWriteInputTokens",
            "cacheReadInputTokenCount",
            "cacheWriteInputTokenCount"));
  }

  /** Spring AI has usage under the same path. */
  private static boolean isUsage(@Nullable UsageTree usage) {
    return usage != null && (usage.has("inputTokens") || usage.has("outputTokens"));
  }

  @Override
  public void take(AnswerEvent event, @Nullable UsageTree usage, AnswerState state) {
    state.provider("aws.bedrock");
    state.terminated(usage != null);
  }

  @Override
  public Convention convention(AnswerState state) {
    return Convention.CACHE_BESIDE;
  }
}
