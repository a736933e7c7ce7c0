package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What only a file shows of an erasure. */
class SqliteErasureTest extends AcceptanceTest {
  private Path file() {
    return ((SqliteUnderTest.Stored) storage()).file();
  }

  @Test
  void whatWasFreedIsOverwrittenWhereThatIsAsked() throws IOException {
    for (int i = 0; i < 500; i++) {
      track(aCall().by("alice-of-the-file").session("s" + i));
    }
    try (LlmAccounting erasing = another()) {
      erasing.admin().erase("alice-of-the-file").overwritingFreed().run();
    }

    try (Stream<Path> files = Files.list(file().getParent())) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain("alice-of-the-file");
      }
    }
  }

  @Test
  void whatWasErasedIsAuditedAlthoughAReaderKeepsWhatWasFreed() throws Exception {
    track(aCall().by("alice-of-the-file"));
    SqliteSettings impatient =
        SqliteSettings.defaults().clock(clock).busyTimeout(Duration.ofMillis(100));
    try (LlmAccounting erasing =
            LlmAccounting.builder(SqliteBackend.open(file(), impatient)).clock(clock).build();
        Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT * FROM usage_event").next();

      assertThatThrownBy(() -> erasing.admin().erase("alice-of-the-file").overwritingFreed().run())
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("busyTimeout");
    }

    assertThat(backend().audit().find(AuditQuery.latest(10)))
        .anyMatch(entry -> "person erased".equals(entry.outcome()));
  }

  @Test
  void anErasureThatFailsHalfWayIsAuditedAndFinishedByTheNext() throws Exception {
    track(aCall().by("alice"));
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER no_rollups BEFORE DELETE ON usage_rollup"
              + " BEGIN SELECT RAISE(ABORT, 'not today'); END");
      assertThatThrownBy(() -> accounting().admin().erase("alice").run())
          .isInstanceOf(BackendException.class);
      statement.execute("DROP TRIGGER no_rollups");
    }

    assertThat(backend().audit().find(AuditQuery.latest(10)))
        .anyMatch(entry -> "erasure broke off".equals(entry.outcome()));
    assertThat(accounting().admin().erase("alice").run().finished()).isTrue();
  }
}
