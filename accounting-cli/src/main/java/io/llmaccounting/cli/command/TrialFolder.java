package io.llmaccounting.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for a database that nobody keeps; closing removes it. */
final class TrialFolder implements AutoCloseable {
  private final Path folder;

  TrialFolder() {
    try {
      folder = Files.createTempDirectory("llm-accounting-trial");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path database() {
    return folder.resolve("trial.db");
  }

  @Override
  public void close() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
