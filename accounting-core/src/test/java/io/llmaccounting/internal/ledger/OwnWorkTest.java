package io.llmaccounting.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OwnWorkTest {
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
  @DisplayName("faults C1: nothing is begun on a timer after the close")
  void nothingIsBegunAfterTheClose() {
    own.close();

    assertThat(own.after(Duration.ZERO, () -> {}).isDone()).isFalse();
  }
}
