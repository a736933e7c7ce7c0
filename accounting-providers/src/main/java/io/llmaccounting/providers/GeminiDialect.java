package io.llmaccounting.providers;

import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Google's generateContent: input includes cached tokens, candidates exclude thoughts. */
final class GeminiDialect implements Dialect {
  @Override
  public Shape shape() {
    return Shape.GEMINI;
  }

  @Override
  public boolean recognises(AnswerEvent event) {
    return event.usages.containsKey("usageMetadata")
        || event.keys.contains("candidates")
        || event.keys.contains("promptFeedback");
  }

  @Override
  public void take(AnswerEvent event, AnswerState state) {
    UsageTree usage = event.usages.get("usageMetadata");
    state.usage(usage);
    state.id(event.word("responseId"));
    state.model(event.word("modelVersion"));
    state.finishReason(event.firstWord("candidates.finishReason", "promptFeedback.blockReason"));
    if (usage != null) {
      String traffic = usage.word("trafficType");
      state.provider(traffic == null ? "gcp.gemini" : "gcp.vertex_ai");
      state.serviceTier(traffic == null ? usage.word("serviceTier") : tier(traffic));
    }
    boolean refused = event.word("promptFeedback.blockReason") != null;
    boolean embedded = event.keys.contains("embedding") || event.keys.contains("embeddings");
    state.terminated(usage != null && (state.choicesEnded() || refused || embedded));
  }

  /** Vertex AI tells the tier as a kind of traffic: ON_DEMAND_PRIORITY, ON_DEMAND_FLEX. */
  private static @Nullable String tier(String traffic) {
    String prefix = "ON_DEMAND_";
    return traffic.startsWith(prefix)
        ? traffic.substring(prefix.length()).toLowerCase(Locale.ROOT)
        : null;
  }

  @Override
  public TokenUsage tokens(UsageTree usage, AnswerState state) {
    Dialect.require(usage, "promptTokenCount");
    long thoughts = usage.count("thoughtsTokenCount");
    long cachedAudio = audio(usage, "cacheTokensDetails");
    TokenSplit split =
        TokenUsage.cacheIncluded()
            .input(
                Math.addExact(
                    usage.count("promptTokenCount"), usage.count("toolUsePromptTokenCount")))
            .cacheRead(usage.count("cachedContentTokenCount"))
            .audioInput(audio(usage, "promptTokensDetails") - cachedAudio)
            .output(Math.addExact(usage.count("candidatesTokenCount"), thoughts))
            .reasoning(thoughts)
            .audioOutput(audio(usage, "candidatesTokensDetails"));
    Long total = usage.optionalCount("totalTokenCount");
    return total == null ? split.build() : split.reportedTotal(total).build();
  }

  private static long audio(UsageTree usage, String details) {
    long audio = 0;
    for (UsageTree detail : usage.objects(details)) {
      if ("AUDIO".equals(detail.word("modality"))) {
        audio = Math.addExact(audio, detail.count("tokenCount"));
      }
    }
    return audio;
  }
}
