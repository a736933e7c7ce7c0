package io.llmaccounting.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference says what the contract says; {@code -Dreference.accept=true} writes it anew. */
class RestReferenceTest {
  @Test
  void thePageIsAsTheContractIs() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("accounting-api"))) {
      folder = folder.getParent();
    }
    Path page = folder.resolve("docs/reference/rest.md");
    String text = new RestReference().text();
    if (Boolean.getBoolean("reference.accept")) {
      Files.writeString(page, text);
    }

    assertThat(page).as("run with -Dreference.accept=true to write it").hasContent(text);
  }
}
