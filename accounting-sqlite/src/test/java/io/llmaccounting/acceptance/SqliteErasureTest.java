package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteErasureTest extends ErasureAcceptance {
  @TempDir Path directory;

  @Override
  protected UsageBackend open(InstantSource clock) {
    return SqliteBackend.open(
        directory.resolve("usage.db"), SqliteSettings.defaults().clock(clock));
  }

  @Test
  void whatWasFreedIsOverwrittenWhereThatIsAsked() throws IOException {
    for (int i = 0; i < 500; i++) {
      track(aCall().by("alice-of-the-file").session("s" + i));
    }
    try (LlmAccounting erasing = another()) {
      erasing.erase("alice-of-the-file").overwritingFreed().run();
    }

    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain("alice-of-the-file");
      }
    }
  }
}
