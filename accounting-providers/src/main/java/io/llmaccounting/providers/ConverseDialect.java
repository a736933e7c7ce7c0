package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import java.util.List;

/** Bedrock's Converse: input excludes cached tokens; the usage is the last event of a stream. */
final class ConverseDialect implements Dialect {
  private static final List<String> MARKS =
      List.of(
          "messageStart",
          "contentBlockStart",
          "contentBlockDelta",
          "contentBlockStop",
          "messageStop");

  @Override
  public Shape shape() {
    return Shape.BEDROCK_CONVERSE;
  }

  @Override
  public boolean recognises(AnswerEvent event) {
    UsageTree usage = event.firstUsage("usage", "metadata.usage");
    return MARKS.stream().anyMatch(event.keys::contains)
        || (usage != null && usage.has("inputTokens"));
  }

  @Override
  public void take(AnswerEvent event, AnswerState state) {
    state.provider("aws.bedrock");
    UsageTree usage = event.firstUsage("usage", "metadata.usage");
    state.usage(usage);
    state.finishReason(event.firstWord("messageStop.stopReason", "stopReason"));
    state.serviceTier(event.firstWord("serviceTier.type", "metadata.serviceTier.type"));
    state.terminated(usage != null);
  }

  @Override
  public TokenUsage tokens(UsageTree usage, AnswerState state) {
    Dialect.require(usage, "inputTokens");
    long written = usage.count("cacheWriteInputTokens");
    long write1h = 0;
    for (UsageTree detail : usage.objects("cacheDetails")) {
      if ("1h".equals(detail.word("ttl"))) {
        write1h = Math.addExact(write1h, detail.count("inputTokens"));
      }
    }
    TokenSplit split =
        TokenUsage.cacheExcluded()
            .input(usage.count("inputTokens"))
            .cacheRead(usage.count("cacheReadInputTokens"))
            .cacheWrite5m(written - write1h)
            .cacheWrite1h(write1h)
            .output(usage.count("outputTokens"));
    Long total = usage.optionalCount("totalTokens");
    return total == null ? split.build() : split.reportedTotal(total).build();
  }
}
