package io.llmaccounting.langchain4j;

import io.llmaccounting.tap.internal.Accessors;
import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the token usage of LangChain4j's modules, which agree on little. Those for Anthropic and
 * Bedrock count cached tokens beside the input, and leave them out of the total. The others count
 * them inside. Those for Google count thoughts beside the output, and tokens that tools put in
 * nowhere but in the total. OpenAI's have reasoning inside the output.
 */
final class Figures {
  private static final String[] CACHE_READ = {"cacheReadInputTokens", "cachedContentTokenCount"};
  private static final String[] CACHE_WRITTEN = {
    "cacheCreationInputTokens", "cacheWriteInputTokens"
  };

  private Figures() {}

  /**
   * The tokens; null where none are told, all zeros included, with which some modules and gateways
   * fill what the provider did not tell.
   *
   * @throws IllegalArgumentException if they contradict one another
   */
  static @Nullable TokenUsage of(dev.langchain4j.model.output.@Nullable TokenUsage told) {
    if (told == null) {
      return null;
    }
    Integer input = told.inputTokenCount();
    Integer output = told.outputTokenCount();
    if (input == null && output == null) {
      return null;
    }
    boolean beside = Accessors.has(told, CACHE_READ[0]);
    long thoughts = number(told, "thoughtsTokenCount");
    long cached =
        number(told, CACHE_READ)
            + number(Accessors.ask(told, "inputTokensDetails"), "cachedTokens");
    long inside = number(Accessors.ask(told, "outputTokensDetails"), "reasoningTokens");
    long in = orZero(input);
    long out = Math.addExact(orZero(output), thoughts);
    Integer total = told.totalTokenCount();
    boolean ofGoogle = Accessors.has(told, "thoughtsTokenCount");
    long byTools = ofGoogle && total != null ? Math.max(0, total - in - out) : 0;
    TokenSplit split =
        (beside ? TokenUsage.cacheExcluded() : TokenUsage.cacheIncluded())
            .input(in + byTools)
            .cacheRead(cached)
            .cacheWrite5m(number(told, CACHE_WRITTEN))
            .output(out)
            .reasoning(thoughts + inside);
    TokenUsage tokens = (beside || total == null ? split : split.reportedTotal(total)).build();
    return tokens.total() == 0 ? null : tokens;
  }

  private static long number(@Nullable Object of, String... accessors) {
    for (String accessor : accessors) {
      if (Accessors.ask(of, accessor) instanceof Number number) {
        return number.longValue();
      }
    }
    return 0;
  }

  private static long orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
