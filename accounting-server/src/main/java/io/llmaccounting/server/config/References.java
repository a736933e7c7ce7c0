package io.llmaccounting.server.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts variables of the environment where a file refers to them, as {@code ${NAME}} or {@code
 * ${NAME:-otherwise}}.
 *
 * @param environment the variables
 */
record References(Map<String, String> environment) {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

  /**
   * The text with values in place of references.
   *
   * @throws IllegalArgumentException if it refers to a variable that is not set
   */
  String resolved(String text) {
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (reference.find()) {
      String value = environment.getOrDefault(reference.group(1), "");
      if (value.isEmpty()) {
        value = reference.group(2);
      }
      if (value == null) {
        throw new IllegalArgumentException(
            "refers to the variable %s, which is not set; set it, or write ${%s:-VALUE}"
                .formatted(reference.group(1), reference.group(1)));
      }
      reference.appendReplacement(resolved, Matcher.quoteReplacement(value));
    }
    return reference.appendTail(resolved).toString();
  }
}
