package io.llmaccounting.providers;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every dialect, and which of them an answer is in. */
final class Dialects {
  /** Of two that are equally sure, the first holds. */
  static final List<Dialect> ALL =
      List.of(
          new EmbeddingsDialect(),
          new ChatDialect(),
          new ResponsesDialect(),
          new InteractionsDialect(),
          new GeminiDialect(),
          new AnthropicDialect(),
          new CohereDialect(),
          new ConverseDialect(),
          new DashScopeDialect(),
          LocalDialect.OLLAMA,
          LocalDialect.LLAMA_CPP,
          new OcrDialect(),
          new BedrockInvokeDialect(),
          new SdkDialect());

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

  /** The dialect that {@code event} tells more surely than {@code least}, null where none is. */
  static @Nullable Dialect recognise(AnswerEvent event, Evidence least) {
    Dialect best = null;
    Evidence surest = least;
    for (Dialect dialect : ALL) {
      Evidence evidence = dialect.recognises(event);
      if (evidence.compareTo(surest) > 0) {
        best = dialect;
        surest = evidence;
      }
    }
    return best;
  }

  /** Paths of usage objects in any dialect. */
  static Set<String> usages() {
    Set<String> all = new HashSet<>();
    ALL.forEach(dialect -> all.addAll(dialect.fields().usages()));
    return Set.copyOf(all);
  }

  /** Keys that tell a shape in any dialect. */
  static Set<String> keys() {
    Set<String> all = new HashSet<>();
    ALL.forEach(dialect -> all.addAll(dialect.fields().keys()));
    return Set.copyOf(all);
  }

  /** Paths of counts outside a usage object in any dialect. */
  static Set<String> rootCounts() {
    Set<String> all = new HashSet<>();
    ALL.forEach(dialect -> all.addAll(dialect.fields().rootCounts()));
    return Set.copyOf(all);
  }

  /** Paths of texts in any dialect. */
  static Set<String> words() {
    Set<String> all = new HashSet<>();
    for (Dialect dialect : ALL) {
      for (Word word : Word.values()) {
        all.addAll(dialect.fields().words(word));
      }
    }
    return Set.copyOf(all);
  }
}
