package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.usage.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** faults G8: whoever takes files away behind our back, nothing is acknowledged into the void. */
class RemovedFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("usage.db");
  }

  @Test
  void aRemovedDatabaseAcknowledgesNothing() throws Exception {
    try (LlmAccounting accounting = opened()) {
      Files.delete(file);

      assertRefused(accounting, "is gone while it was open");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aReplacedDatabaseAcknowledgesNothing() throws Exception {
    Path other = folder.resolve("other.db");
    SqliteBackend.open(other).close();
    try (LlmAccounting accounting = opened()) {
      Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      assertRefused(accounting, "was replaced by another file");
      assertThatThrownBy(() -> accounting.report(TimeRange.always()).run())
          .isInstanceOf(BackendException.class);
    }
  }

  @Test
  void aRemovedLogAcknowledgesNothing() throws Exception {
    try (LlmAccounting accounting = opened()) {
      Files.delete(folder.resolve("usage.db-wal"));

      assertRefused(accounting, "usage.db-wal is gone");
    }
  }

  private LlmAccounting opened() {
    LlmAccounting accounting = LlmAccounting.builder(SqliteBackend.open(file)).build();
    accounting.track(aCall().usage());
    return accounting;
  }

  private static void assertRefused(LlmAccounting accounting, String why) {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> accounting.track(aCall().usage()))
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
          .hasMessageContaining(why);
    }
  }
}
