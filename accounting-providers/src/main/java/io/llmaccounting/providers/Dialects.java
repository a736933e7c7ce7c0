package io.llmaccounting.providers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every dialect, and which of them an answer is in. */
final class Dialects {
  // Those with unmistakable marks come first.
  private static final List<Dialect> ALL =
      List.of(
          new GeminiDialect(),
          new ConverseDialect(),
          new CohereDialect(),
          new AnthropicDialect(),
          new ResponsesDialect(),
          new EmbeddingsDialect(),
          new ChatDialect());

  private Dialects() {}

  /** The dialect of {@code shape}, null for UNKNOWN. */
  static @Nullable Dialect of(Shape shape) {
    for (Dialect dialect : ALL) {
      if (dialect.shape() == shape) {
        return dialect;
      }
    }
    return null;
  }

  /** The dialect that {@code event} is in, null where it does not tell. */
  static @Nullable Dialect recognise(AnswerEvent event) {
    for (Dialect dialect : ALL) {
      if (dialect.recognises(event)) {
        return dialect;
      }
    }
    return null;
  }
}
