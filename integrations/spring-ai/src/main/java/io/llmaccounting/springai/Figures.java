package io.llmaccounting.springai;

import io.llmaccounting.providers.Shape;
import io.llmaccounting.providers.UnreadableAnswerException;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.tap.internal.Accessors;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSplit;
import io.llmaccounting.usage.TokenUsage;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads usage as Spring AI hands it out: from what the provider sent, which most modules keep
 * beside their figures, else from the figures.
 *
 * @param id the id of the answer, or null
 * @param model the model that answered, or null
 * @param finish why it ended, or null
 */
record Figures(@Nullable String id, @Nullable String model, @Nullable String finish) {
  /** The modules whose input tokens leave out those of the cache. */
  private static final Set<String> BESIDE = Set.of("anthropic", "bedrock");

  /** Takes names that a record can hold. */
  Figures {
    id = StorableName.orNull(id);
    model = StorableName.orNull(model);
    finish = StorableName.orNull(finish);
  }

  /**
   * The answer that tells {@code told} of a model of {@code module}. Zeros are what absence is
   * filled with.
   *
   * @throws IllegalArgumentException if the figures contradict one another
   */
  ModelAnswer answer(@Nullable Usage told, String module) {
    Usage usage = isNothing(told) ? null : told;
    String sent = usage == null ? null : NativeJson.of(usage.getNativeUsage());
    ModelAnswer read = usage == null || sent == null ? null : read(sent, usage, module);
    return read == null || read.tokens() == null ? own(usage, module) : read;
  }

  private @Nullable ModelAnswer read(String sent, Usage usage, String module) {
    Shape shape = shape(sent);
    try {
      return shape == Shape.UNKNOWN
          ? null
          : reader(shape, module).read(envelope(shape, complete(shape, sent, usage))).answer();
    } catch (UnreadableAnswerException e) {
      return null;
    }
  }

  private UsageReader reader(Shape shape, String module) {
    String seller = model == null ? null : Seller.provider(module, model);
    UsageReader reader = UsageReader.of(shape);
    return seller == null ? reader : reader.provider(seller);
  }

  private static Shape shape(String sent) {
    if (sent.contains("\"prompt_tokens\":")) {
      return Shape.OPENAI_CHAT;
    }
    if (sent.contains("\"promptTokenCount\":")) {
      return Shape.GEMINI;
    }
    return sent.contains("\"output_tokens\":") ? Shape.ANTHROPIC_MESSAGES : Shape.UNKNOWN;
  }

  /** The last event of a stream of Anthropic's may leave out what the first has told. */
  private static String complete(Shape shape, String sent, Usage usage) {
    Integer input = usage.getPromptTokens();
    return shape != Shape.ANTHROPIC_MESSAGES || input == null || sent.contains("\"input_tokens\":")
        ? sent
        : "{\"input_tokens\":" + input + "," + sent.substring(1);
  }

  /** What is known of the answer, in the form in which its provider answers. */
  private String envelope(Shape shape, String sent) {
    String reason = finish == null ? "null" : NativeJson.quoted(finish);
    String named =
        (id == null ? "" : ",\"id\":" + NativeJson.quoted(id))
            + (model == null ? "" : ",\"model\":" + NativeJson.quoted(model));
    return switch (shape) {
      case GEMINI -> "{\"usageMetadata\":" + sent + "}";
      case ANTHROPIC_MESSAGES ->
          "{\"type\":\"message\"%s,\"stop_reason\":%s,\"usage\":%s}".formatted(named, reason, sent);
      default ->
          "{\"object\":\"chat.completion\"%s,\"choices\":[{\"index\":0,\"finish_reason\":%s}],\"usage\":%s}"
              .formatted(named, reason, sent);
    };
  }

  /** The answer by Spring AI's figures alone. */
  private ModelAnswer own(@Nullable Usage usage, String module) {
    return ModelAnswer.builder()
        .responseId(id)
        .responseModel(model)
        .finishReason(finish)
        .tokens(usage == null ? null : tokens(usage, module))
        .build();
  }

  /** Whether {@code usage} tells no tokens. */
  static boolean isNothing(@Nullable Usage usage) {
    return usage == null
        || (orZero(usage.getPromptTokens()) == 0 && orZero(usage.getCompletionTokens()) == 0);
  }

  private static TokenUsage tokens(Usage usage, String module) {
    long input = orZero(usage.getPromptTokens());
    long output = orZero(usage.getCompletionTokens());
    boolean beside = BESIDE.contains(module);
    TokenSplit split =
        (beside ? TokenUsage.cacheExcluded() : TokenUsage.cacheIncluded())
            .input(input)
            .cacheRead(told(usage, "getCacheReadInputTokens"))
            .cacheWrite5m(told(usage, "getCacheWriteInputTokens"))
            .output(output);
    Integer total = usage.getTotalTokens();
    return (beside || total == null || total < input + output ? split : split.reportedTotal(total))
        .build();
  }

  private static long told(Usage usage, String accessor) {
    return Accessors.ask(usage, accessor) instanceof Number number ? number.longValue() : 0;
  }

  private static long orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }
}
