package io.llmaccounting.providers;

import io.llmaccounting.providers.internal.StorableName;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an answer has said about itself, apart from counts. Confined to one thread. */
final class AnswerWords {
  /** The figures of the answer, which were read besides the words. */
  record Figures(
      @Nullable String toldProvider,
      @Nullable TokenReading reading,
      boolean complete,
      Map<String, Long> extras,
      @Nullable Cost cost,
      @Nullable String rawUsage,
      List<String> unread) {}

  private final Map<Word, String> words = new EnumMap<>(Word.class);
  private @Nullable String provider;
  private @Nullable Boolean batch;

  /** Of several reports of a word the last holds. */
  void take(AnswerEvent event, AnswerFields fields) {
    for (Word word : Word.values()) {
      set(word, word == Word.MARK ? null : event.firstWord(fields.words(word)));
    }
  }

  void set(Word word, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      words.put(word, text);
    }
  }

  @Nullable String get(Word word) {
    return words.get(word);
  }

  /** The answer came from a batch. */
  void inBatch() {
    batch = true;
  }

  void provider(String name) {
    provider = name;
  }

  @Nullable String provider() {
    return provider;
  }

  ReadAnswer answer(Shape shape, Figures figures) {
    TokenReading reading = figures.reading();
    TokenSource source =
        reading == null
            ? TokenSource.MISSING
            : figures.complete() && reading.whole() ? TokenSource.REPORTED : TokenSource.PARTIAL;
    return new ReadAnswer(
        ModelAnswer.builder()
            .provider(figures.toldProvider() == null ? provider : figures.toldProvider())
            .responseModel(StorableName.orNull(get(Word.MODEL)))
            .responseId(StorableName.orNull(get(Word.ID)))
            .tokens(reading == null ? null : reading.tokens())
            .source(source)
            .extras(figures.extras())
            .parts(reading == null ? List.of() : reading.parts())
            .reportedCost(figures.cost())
            .finishReason(StorableName.orNull(get(Word.FINISH)))
            .serviceTier(StorableName.orNull(get(Word.TIER)))
            .speed(StorableName.orNull(get(Word.SPEED)))
            .batch(batch)
            .region(StorableName.orNull(get(Word.REGION)))
            .rawUsage(figures.rawUsage())
            .unread(figures.unread())
            .build(),
        shape,
        WrittenTime.orNull(get(Word.CREATED)));
  }
}
