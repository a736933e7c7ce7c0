package io.llmaccounting.springai;

import io.llmaccounting.tap.internal.ToldAnswer;
import io.llmaccounting.tap.internal.ToldAnswer.End;
import io.llmaccounting.usage.ModelAnswer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Reads chat responses. Models that stand in for real ones in tests may answer null to anything.
 */
final class ChatAnswer {
  private ChatAnswer() {}

  /**
   * A whole answer.
   *
   * @param summed whether the response has the sum of several, so that what was read says less
   */
  static ToldAnswer whole(@Nullable ChatResponse response, String module, boolean summed) {
    if (response == null) {
      return ToldAnswer.whole(ModelAnswer.withoutUsage(), null);
    }
    ModelAnswer answer = answer(response.getMetadata(), finish(response), module);
    return new ToldAnswer(answer, summed ? End.SUMMED : End.WHOLE, null);
  }

  /** What {@code metadata} tells of an answer. */
  static ModelAnswer answer(
      @Nullable ChatResponseMetadata metadata, @Nullable String finish, String module) {
    return metadata == null
        ? new Figures(null, null, finish).answer(null, module)
        : new Figures(metadata.getId(), metadata.getModel(), finish)
            .answer(metadata.getUsage(), module);
  }

  /** Why the answer ended, in the provider's word; null where that is not told. */
  static @Nullable String finish(ChatResponse response) {
    String finish = null;
    for (Generation generation : response.getResults()) {
      String reason =
          generation.getMetadata() == null ? null : generation.getMetadata().getFinishReason();
      finish = reason == null || reason.isBlank() ? finish : reason.toLowerCase(Locale.ROOT);
    }
    return finish;
  }

  /** Whether usage is told. */
  static boolean hasUsage(@Nullable ChatResponseMetadata metadata) {
    return metadata != null && !Figures.isNothing(metadata.getUsage());
  }

  /** The characters of text that it brings. */
  static long characters(ChatResponse response) {
    long characters = 0;
    for (Generation generation : response.getResults()) {
      characters += Asked.length(generation.getOutput().getText());
      for (var call : generation.getOutput().getToolCalls()) {
        characters += Asked.length(call.arguments());
      }
    }
    return characters;
  }
}
