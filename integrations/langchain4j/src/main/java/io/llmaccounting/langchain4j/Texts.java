package io.llmaccounting.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What models that work on many texts at once are asked, and answer. */
final class Texts {
  private Texts() {}

  static long characters(List<TextSegment> segments) {
    return segments.stream().mapToLong(segment -> segment.text().length()).sum();
  }

  /**
   * An answer whose figures LangChain4j has summed over all requests, so that what is read of one
   * of them says less.
   */
  static ToldAnswer summed(
      dev.langchain4j.model.output.@Nullable TokenUsage told, @Nullable String model) {
    TokenUsage tokens = null;
    RuntimeException trouble = null;
    try {
      tokens = Figures.of(told);
    } catch (RuntimeException e) {
      trouble = e;
    }
    ModelAnswer answer =
        ModelAnswer.builder().tokens(tokens).responseModel(StorableName.orNull(model)).build();
    return new ToldAnswer(answer, ToldAnswer.End.SUMMED, trouble);
  }
}
