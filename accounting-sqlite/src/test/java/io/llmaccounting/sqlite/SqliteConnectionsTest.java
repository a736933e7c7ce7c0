package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.BackendException.Kind;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteConnectionsTest {
  private static final Duration PATIENCE = Duration.ofMillis(300);

  @TempDir Path folder;
  private SqliteConnections connections;

  @BeforeEach
  void open() {
    Path file = folder.resolve("usage.db");
    SqliteSettings settings = SqliteSettings.defaults().busyTimeout(PATIENCE).readers(1);
    SqliteBackend.open(file, settings).close();
    connections = new SqliteConnections(new SqliteFile(file, settings));
  }

  @AfterEach
  void close() {
    connections.close();
  }

  @Test
  void whatThrowsIsRolledBackAndThrownAsItIs() {
    IllegalStateException bug = new IllegalStateException("a bug in the work");

    assertThatThrownBy(
            () ->
                connections.write(
                    session -> {
                      bump(session);
                      throw bug;
                    }))
        .isSameAs(bug);

    assertThat(revision()).isZero();
  }

  @Test
  void whatAReaderStillNeedsIsNotSaidToBeOverwritten() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch enough = new CountDownLatch(1);
    connections.write(SqliteConnectionsTest::bump);
    CompletableFuture<Long> reader =
        CompletableFuture.supplyAsync(
            () ->
                connections.read(
                    session -> {
                      long revision = StoreSettings.LIMIT_REVISION.read(session);
                      reading.countDown();
                      await(enough);
                      return revision;
                    }));
    reading.await();

    BackendException late =
        catchThrowableOfType(BackendException.class, () -> connections.overwriteFreed());
    enough.countDown();
    reader.join();

    assertThat(late.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(connections.overwriteFreed()).isTrue();
  }

  @Test
  void aBrokenConnectionIsReplaced() {
    BackendException failure =
        catchThrowableOfType(
            BackendException.class,
            () ->
                connections.write(
                    session -> {
                      bump(session);
                      session.connection().close();
                      return bump(session);
                    }));

    assertThat(failure).isNotNull();
    assertThat(connections.<Long>write(SqliteConnectionsTest::bump)).isEqualTo(1);
  }

  @Test
  void aTransactionInsideATransactionIsRefusedAndTheOuterOneGoesOn() {
    connections.write(
        session -> {
          bump(session);
          assertThatThrownBy(() -> connections.write(SqliteConnectionsTest::bump))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("under way already");
          return bump(session);
        });

    assertThat(revision()).isEqualTo(2);
  }

  @Test
  void readersCannotWrite() {
    assertThatThrownBy(() -> connections.read(SqliteConnectionsTest::bump))
        .isInstanceOf(BackendException.class);

    assertThat(revision()).isZero();
  }

  @Test
  void readersSeeOneConsistentView() {
    long[] seen = new long[2];

    connections.read(
        session -> {
          seen[0] = StoreSettings.LIMIT_REVISION.read(session);
          connections.write(SqliteConnectionsTest::bump);
          seen[1] = StoreSettings.LIMIT_REVISION.read(session);
          return true;
        });

    assertThat(seen).containsExactly(0, 0);
    assertThat(revision()).isEqualTo(1);
  }

  @Test
  void readersThatAreAllBusyAreNamed() {
    BackendException failure =
        catchThrowableOfType(BackendException.class, () -> connections.read(session -> revision()));

    assertThat(failure.kind()).isEqualTo(Kind.BUSY);
    assertThat(failure).hasMessageContaining("none of the 1 readers");
    assertThat(revision()).isZero();
  }

  @Test
  void aThreadThatHoldsTheWriterTooLongIsNamed() throws Exception {
    CountDownLatch holding = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Long> other =
        CompletableFuture.supplyAsync(
            () ->
                connections.write(
                    session -> {
                      holding.countDown();
                      await(release);
                      return bump(session);
                    }));
    holding.await();

    BackendException failure =
        catchThrowableOfType(
            BackendException.class, () -> connections.write(SqliteConnectionsTest::bump));
    release.countDown();

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("by another thread for PT0.3S");
    assertThat(other.get()).isEqualTo(1);
  }

  @Test
  void aWaitingThreadThatIsInterruptedStopsWaitingAndStaysInterrupted() {
    Thread.currentThread().interrupt();

    BackendException failure =
        catchThrowableOfType(
            BackendException.class, () -> connections.write(SqliteConnectionsTest::bump));
    boolean interrupted = Thread.interrupted();

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("interrupted");
    assertThat(interrupted).isTrue();
    assertThat(revision()).isZero();
  }

  @Test
  void closingFromInsideATransactionIsRefused() {
    assertThatThrownBy(
            () ->
                connections.read(
                    session -> {
                      connections.close();
                      return true;
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("close it afterwards");

    assertThat(revision()).isZero();
  }

  private long revision() {
    return connections.<Long>read(StoreSettings.LIMIT_REVISION::read);
  }

  private static long bump(SqlSession session) throws SQLException {
    return StoreSettings.LIMIT_REVISION.next(session);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }
}
