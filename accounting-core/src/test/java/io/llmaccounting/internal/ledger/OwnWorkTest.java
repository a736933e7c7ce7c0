package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OwnWorkTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final OwnWork own = new OwnWork();
  private final CountDownLatch disk = new CountDownLatch(1);

  @AfterEach
  void close() {
    disk.countDown();
    own.close();
  }

  private boolean write() {
    try {
      disk.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("faults C1: what waits for a spool that hangs is bounded")
  void whatWaitsForTheSpoolIsBounded() {
    List<CompletableFuture<Boolean>> writes = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      writes.add(own.write(this::write));
    }

    List<CompletableFuture<Boolean>> refused =
        writes.stream().filter(CompletableFuture::isCompletedExceptionally).toList();

    assertThat(refused).hasSizeGreaterThan(9_000);
    assertThat(refused.get(0))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(BackendException.class)
        .withMessageContaining("wait for the spool already");
    disk.countDown();
    writes.removeAll(refused);
    assertThat(writes).allSatisfy(write -> assertThat(write.join()).isTrue());
  }

  @Test
  @DisplayName("faults G1: what is read from a store that hangs is bounded")
  void whatIsReadIsBounded() {
    List<CompletableFuture<Boolean>> reads = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      reads.add(own.read(this::write, LONG, late -> {}));
    }

    CompletableFuture<Boolean> refused = own.read(this::write, LONG, late -> {});

    assertThat(refused)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(BackendException.class)
        .withMessageContaining("reads wait for the store already");
    disk.countDown();
    assertThat(reads).allSatisfy(read -> assertThat(read.join()).isTrue());
  }

  @Test
  @DisplayName("faults G1: only what was being read says that the store has not answered")
  void onlyWhatWasBeingReadSaysThatTheStoreHasNotAnswered() {
    Queue<BackendException> late = new ConcurrentLinkedQueue<>();
    List<CompletableFuture<Boolean>> reads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      reads.add(own.read(this::write, Duration.ofMillis(500), late::add));
    }

    assertThat(reads)
        .allSatisfy(
            read ->
                assertThat(read)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withMessageContaining("no answer from the store within PT0.5S"));

    assertThat(late).hasSize(16);
  }

  @Test
  @DisplayName("faults G1: who waits for the store is told at the close")
  void whoWaitsForTheStoreIsToldAtTheClose() {
    List<CompletableFuture<Boolean>> reads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      reads.add(own.read(this::write, LONG, late -> {}));
    }

    own.endReads(Duration.ZERO);

    assertThat(reads).allSatisfy(read -> assertThat(read).isCompletedExceptionally());
    assertThat(own.read(() -> true, LONG, late -> {})).isCompletedExceptionally();
  }

  @Test
  @DisplayName("faults C1: nothing is begun on a timer after the close")
  void nothingIsBegunAfterTheClose() {
    own.close();

    assertThat(own.after(Duration.ZERO, () -> {}).isDone()).isFalse();
  }
}
