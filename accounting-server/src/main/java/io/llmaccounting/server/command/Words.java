package io.llmaccounting.server.command;

import java.util.Locale;

/** Constants in the words of the command line. */
final class Words {
  private Words() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
