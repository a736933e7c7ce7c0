package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.usage.RecordedUsage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
  @TempDir Path folder;

  @Test
  void nothingAcknowledgedIsLostWhenTheDiskIsFull() {
    Path file = folder.resolve("usage.db");
    List<RecordedUsage> acknowledged = new ArrayList<>();

    BackendException failure;
    try (SqliteBackend backend = SqliteBackend.open(file, SqliteSettings.defaults().maxPages(60))) {
      failure = fill(backend, acknowledged);
      assertThat(fill(backend, acknowledged).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("is full; free disk space or raise maxPages");
    assertThat(acknowledged).isNotEmpty();
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      assertThat(acknowledged)
          .allSatisfy(
              recorded -> assertThat(Bookings.twinOf(backend, recorded)).isEqualTo(recorded));
      assertThat(Bookings.record(backend, List.of(aCall().usage())).fresh()).hasSize(1);
    }
  }

  @Test
  void aDiskTooSmallForTheSchemaIsNamedAndTheFileCanBeOpenedLater() {
    Path file = folder.resolve("usage.db");

    BackendException failure =
        catchThrowableOfType(
            BackendException.class,
            () -> SqliteBackend.open(file, SqliteSettings.defaults().maxPages(8)).close());

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining(file.toString());
    SqliteBackend.open(file).close();
  }

  private static BackendException fill(SqliteBackend backend, List<RecordedUsage> acknowledged) {
    return catchThrowableOfType(
        BackendException.class,
        () -> {
          for (int call = 0; call < 100_000; call++) {
            acknowledged.add(
                Bookings.record(backend, aCall().tag("filler", "x".repeat(200)).usage()));
          }
        });
  }
}
