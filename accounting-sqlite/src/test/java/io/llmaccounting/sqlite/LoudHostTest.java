package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.testing.LoudHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** faults D2: what an application reads of us that logs from INFO on. */
class LoudHostTest {
  @TempDir Path folder;
  @TempDir Path settings;

  @Test
  void aNewFileIsWorthNoLine() throws Exception {
    Path file = folder.resolve("usage.db");

    assertThat(new LoudHost(settings).lines(LifeMain.class, file.toString())).isEmpty();
  }

  @Test
  void aMigratedFileIsWorthOneLineOfOurs() throws Exception {
    Path file = folder.resolve("usage.db");
    SqliteBackend.open(file).close();
    MigratedDataTest.putBackToVersion3(file);

    assertThat(new LoudHost(settings).lines(LifeMain.class, file.toString()))
        .singleElement()
        .asString()
        .contains("INFO io.llmaccounting.sqlite.SqliteSchema - " + file + " was migrated");
  }
}
