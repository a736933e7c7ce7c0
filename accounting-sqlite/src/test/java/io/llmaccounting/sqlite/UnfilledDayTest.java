package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day that cannot be marked as full is told once, however many transactions try it. */
class UnfilledDayTest {
  @TempDir Path folder;
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void stopListening() {
    System.setErr(before);
  }

  private static boolean isAmongOthers(SqliteBackend backend, int user) {
    return !Bookings.record(backend, List.of(aCall().by("user-" + user).usage()))
        .others()
        .isEmpty();
  }

  private long warnings() {
    return written
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("cannot stop telling names"))
        .count();
  }

  @Test
  void isToldOnceForEachIncident() throws SQLException {
    Path file = folder.resolve("usage.db");
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      backend.maintenance().names().change(2);
      for (int incident = 1; incident <= 2; incident++) {
        RawDatabase.run(
            file,
            "CREATE TRIGGER no BEFORE INSERT ON rollup_full BEGIN SELECT RAISE(ABORT, 'no'); END");
        for (int user = 1; user <= 6; user++) {
          assertThat(isAmongOthers(backend, 10 * incident + user)).isFalse();
        }
        assertThat(warnings()).isEqualTo(incident);

        RawDatabase.run(file, "DROP TRIGGER no");
        assertThat(isAmongOthers(backend, 10 * incident + 7)).isFalse();
        assertThat(isAmongOthers(backend, 10 * incident + 8)).isTrue();
        backend.maintenance().names().change(100);
        backend.maintenance().rebuildRollups();
        backend.maintenance().names().change(2);
      }
    }
  }
}
