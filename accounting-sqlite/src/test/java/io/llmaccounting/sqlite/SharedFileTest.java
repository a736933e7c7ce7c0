package io.llmaccounting.sqlite;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.usage.Usage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("usage.db");
  }

  @RepeatedTest(3)
  void sixThreadsOpenTheSameNewFileAtOnce() throws Exception {
    CyclicBarrier start = new CyclicBarrier(6);

    List<Long> revisions =
        sideBySide(
            6,
            () -> {
              start.await();
              try (SqliteBackend backend = SqliteBackend.open(file)) {
                return backend.limits().revision();
              }
            });

    assertThat(revisions).hasSize(6).containsOnly(0L);
  }

  @Test
  void processesOpenTheSameNewFileAtOnceAndLoseNothing() throws Exception {
    int calls = 50;
    List<OtherProcess> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(OtherProcess.prepared(file, calls));
    }

    for (OtherProcess other : others) {
      other.start();
    }
    List<String> printed = new ArrayList<>();
    for (OtherProcess other : others) {
      printed.addAll(other.printed());
    }

    // SLF4J itself says so where the application brings no logging.
    assertThat(printed).allMatch(line -> line.startsWith("SLF4J"));
    assertThat(RawDatabase.rows(file, "SELECT count(*) FROM usage_event"))
        .containsExactly(List.of("150"));
    assertThat(
            RawDatabase.rows(
                file, "SELECT DISTINCT sum(calls) FROM usage_rollup GROUP BY family, grain"))
        .containsExactly(List.of("150"));
  }

  /** Scenario 34. */
  @Test
  void threadsAndInstancesRecordSideBySideWithoutAnError() throws Exception {
    int calls = 50;
    try (SqliteBackend one = SqliteBackend.open(file);
        SqliteBackend other = SqliteBackend.open(file)) {

      List<Integer> done =
          sideBySide(
              8,
              () -> {
                SqliteBackend backend = Thread.currentThread().getId() % 2 == 0 ? one : other;
                for (int call = 0; call < calls; call++) {
                  Bookings.record(backend, aCall().usage());
                }
                return calls;
              });

      assertThat(done).hasSize(8);
    }
    assertThat(RawDatabase.rows(file, "SELECT count(*) FROM usage_event"))
        .containsExactly(List.of("400"));
  }

  @Test
  void aWriteLockThatIsNeverReleasedIsNamedAfterTheTimeout() throws Exception {
    SqliteSettings impatient = SqliteSettings.defaults().busyTimeout(Duration.ofMillis(20));
    try (SqliteBackend backend = SqliteBackend.open(file, impatient);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement other = connection.createStatement()) {
      other.execute("BEGIN IMMEDIATE");

      BackendException failure =
          catchThrowableOfType(
              BackendException.class, () -> Bookings.record(backend, aCall().usage()));
      other.execute("ROLLBACK");

      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining("locked for writing")
          .hasMessageContaining("PT0.02S");
      assertThat(Bookings.record(backend, List.of(aCall().usage())).fresh()).hasSize(1);
    }
  }

  @Test
  void readersDoNotWaitForAWriter() throws Exception {
    SqliteSettings impatient = SqliteSettings.defaults().busyTimeout(Duration.ofMillis(20));
    try (SqliteBackend backend = SqliteBackend.open(file, impatient);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement other = connection.createStatement()) {
      other.execute("BEGIN IMMEDIATE");
      other.execute("UPDATE settings SET value = 7 WHERE name = 'limit_revision'");

      assertThat(backend.limits().revision()).isZero();
      other.execute("COMMIT");
      assertThat(backend.limits().revision()).isEqualTo(7);
    }
  }

  @Test
  void batchesOfEverySizeStoreWhatIsNewAndNameWhatIsNot() throws Exception {
    try (SqliteBackend backend = SqliteBackend.open(file)) {
      List<Usage> known = new ArrayList<>();
      for (int size : new int[] {1, 2, 63, 99, 100, 101, 233}) {
        List<Usage> fresh = Stream.generate(() -> aCall().usage()).limit(size).toList();
        List<Usage> batch = new ArrayList<>(fresh);
        batch.addAll(known);

        StoredRecords stored = Bookings.record(backend, batch);

        assertThat(stored.fresh()).containsExactlyInAnyOrderElementsOf(ids(fresh));
        assertThat(stored.twins()).containsOnlyKeys(ids(known));
        known.addAll(fresh);
      }
    }
    assertThat(
            RawDatabase.rows(
                file, "SELECT DISTINCT sum(calls) FROM usage_rollup GROUP BY family, grain"))
        .containsExactly(List.of("599"));
  }

  private static List<UUID> ids(List<Usage> usages) {
    return usages.stream().map(Usage::id).toList();
  }

  private static <T> List<T> sideBySide(int threads, Callable<T> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(executor.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }
}
