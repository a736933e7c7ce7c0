package io.llmaccounting.providers.prices;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says why a call costs what it costs, to a list where one is given: most calls are priced
 * unexplained. Confined to one thread.
 */
record Reasons(@Nullable List<String> told) {
  static final Reasons UNTOLD = new Reasons(null);

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
  void because(String format, @Nullable Object... values) {
    if (told != null) {
      told.add(format.formatted(values));
    }
  }
}
