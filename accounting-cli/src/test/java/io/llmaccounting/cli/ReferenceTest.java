package io.llmaccounting.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference says what the commands are; {@code -Dreference.accept=true} writes it anew. */
class ReferenceTest {
  private final Path folder = Reference.docs().resolve("reference");

  @Test
  void everyPageIsAsTheCommandsAre() throws IOException {
    Map<String, String> pages = Reference.pages();
    if (Boolean.getBoolean("reference.accept")) {
      Files.createDirectories(folder.resolve("commands"));
      for (Map.Entry<String, String> page : pages.entrySet()) {
        Files.writeString(folder.resolve(page.getKey()), page.getValue());
      }
    }

    for (Map.Entry<String, String> page : pages.entrySet()) {
      assertThat(folder.resolve(page.getKey()))
          .as("run with -Dreference.accept=true to write it")
          .hasContent(page.getValue());
    }
  }

  @Test
  void noPageIsAboutACommandThatIsGone() throws IOException {
    List<String> names = Commands.names().stream().map(name -> name + ".md").toList();

    try (Stream<Path> pages = Files.list(folder.resolve("commands"))) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }
}
