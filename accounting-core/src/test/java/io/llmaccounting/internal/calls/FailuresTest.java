package io.llmaccounting.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.internal.calls.Failures.Consequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** faults H1. */
class FailuresTest {
  private static String mainSources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(FailuresTest::text)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Consequence.class)
  @DisplayName("faults H1: every consequence is said to work again")
  void everyConsequenceHasAnEnd(Consequence consequence) throws IOException {
    Pattern end =
        Pattern.compile(
            "(worked|guard|guarded|every)\\([^;]{0,60}?Consequence\\."
                + consequence.name()
                + "\\b");

    assertThat(mainSources()).as("a place that says that it works again").containsPattern(end);
  }
}
