package io.llmaccounting.cli;

import java.util.Map;

/** Names that options had in the predecessor of this tool, still understood. */
final class Aliases {
  static final Map<String, String> NOW =
      Map.of(
          "--db-file", "--db",
          "--project-name", "--project",
          "--user-name", "--user",
          "--username", "--user",
          "--app-name", "--caller",
          "--caller-name", "--caller",
          "--prompt-tokens", "--input-tokens",
          "--completion-tokens", "--output-tokens",
          "--timestamp", "--at");

  private Aliases() {}

  /** Returns the arguments with today's names of options; what follows {@code --} is no option. */
  static String[] replaced(String[] arguments) {
    String[] today = arguments.clone();
    for (int i = 0; i < today.length && !today[i].equals("--"); i++) {
      int equals = today[i].indexOf('=');
      String name = equals < 0 ? today[i] : today[i].substring(0, equals);
      String now = NOW.get(name);
      if (now != null) {
        today[i] = equals < 0 ? now : now + today[i].substring(equals);
      }
    }
    return today;
  }
}
