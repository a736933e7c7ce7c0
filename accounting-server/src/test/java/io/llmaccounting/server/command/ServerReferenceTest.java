package io.llmaccounting.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The reference says what the commands are; {@code -Dreference.accept=true} writes it anew. */
class ServerReferenceTest {
  @Test
  void everyPageIsAsTheCommandsAre() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("accounting-api"))) {
      folder = folder.getParent();
    }
    Path pages = folder.resolve("docs/reference");
    for (Map.Entry<String, String> page : ServerReference.pages().entrySet()) {
      Path file = pages.resolve(page.getKey());
      if (Boolean.getBoolean("reference.accept")) {
        Files.writeString(file, page.getValue());
      }

      assertThat(file)
          .as("run with -Dreference.accept=true to write it")
          .hasContent(page.getValue());
    }
  }
}
