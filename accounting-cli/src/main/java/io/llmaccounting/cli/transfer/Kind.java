package io.llmaccounting.cli.transfer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What lines are about, in the order in which they are written. */
enum Kind {
  PROJECT,
  USER,
  USAGE,
  LIMIT,
  DENIAL,
  ALERT,
  AUDIT,
  KEY,
  CREDENTIAL;

  /** The first line of a file. */
  static final String HEADER = "export";

  /** The last line of a file. */
  static final String END = "end";

  /** What a reader must understand; counted up when a line changes its meaning. */
  static final long VERSION = 1;

  /** The word that a line of this kind has. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  static Optional<Kind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Kind::word).toList();
  }
}
