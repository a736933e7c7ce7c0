package io.llmaccounting.cli.command;

import io.llmaccounting.usage.Dimension;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Dimensions as people write them: {@code model}, {@code response-model}, {@code tag:team}. */
public final class Dimensions {
  private static final String TAG = "tag:";

  private Dimensions() {}

  /**
   * Reads a dimension.
   *
   * @param option the option that it was given to, for the message
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Dimension parse(String option, String word) {
    if (word.startsWith(TAG) && word.length() > TAG.length()) {
      return Dimension.tag(word.substring(TAG.length()));
    }
    for (Dimension.Kind kind : Dimension.Kind.values()) {
      if (kind != Dimension.Kind.TAG && word(kind).equals(word.replace('_', '-'))) {
        return new Dimension(kind, null);
      }
    }
    throw new IllegalArgumentException(
        "%s must be one of %s, tag:KEY, was \"%s\""
            .formatted(
                option,
                Arrays.stream(Dimension.Kind.values())
                    .filter(kind -> kind != Dimension.Kind.TAG)
                    .map(Dimensions::word)
                    .collect(Collectors.joining(", ")),
                word));
  }

  private static String word(Dimension.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
