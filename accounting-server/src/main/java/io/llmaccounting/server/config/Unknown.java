package io.llmaccounting.server.config;

import io.llmaccounting.cli.console.Near;
import java.util.Set;
import java.util.TreeSet;

/** Complains of names that nothing has. */
final class Unknown {
  private Unknown() {}

  static String upstream(String name, Set<String> known) {
    String question = Near.question(name, known).strip();
    return "must name an upstream, was \"%s\". %s"
        .formatted(
            name,
            question.isEmpty()
                ? "There are " + String.join(", ", new TreeSet<>(known)) + "."
                : question);
  }
}
