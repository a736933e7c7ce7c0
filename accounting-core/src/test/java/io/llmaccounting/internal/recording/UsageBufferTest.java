package io.llmaccounting.internal.recording;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.internal.health.HandMovedTicker;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.recording.Buffering;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UsageBufferTest {
  private static final Duration AGE = Duration.ofMinutes(1);

  private final HandMovedTicker ticker = new HandMovedTicker();
  private final UsageBuffer buffer = new UsageBuffer(Buffering.DEFAULTS.flushAt(2, AGE), ticker);

  private static PendingRecord pending() {
    return new PendingRecord(aCall().usage(), Given.ALL, false);
  }

  @Test
  @DisplayName("faults H2: what stays goes on being as old as it is")
  void noneWaitsLongerThanTheFlushAge() throws Exception {
    PendingRecord last = pending();
    buffer.offer(pending());
    buffer.offer(pending());
    buffer.offer(last);
    ticker.advance(AGE.toNanos() - 1);
    assertThat(buffer.take()).hasSize(2);
    buffer.done(2);
    ticker.advance(1);

    CompletableFuture<List<PendingRecord>> next = CompletableFuture.supplyAsync(buffer::take);

    assertThat(next.get(20, TimeUnit.SECONDS)).containsExactly(last);
  }

  @Test
  void whatIsAloneIsTakenOnceItIsOldEnough() throws Exception {
    PendingRecord alone = pending();
    buffer.offer(alone);
    CompletableFuture<List<PendingRecord>> next = CompletableFuture.supplyAsync(buffer::take);
    ticker.awaitWaitFor(AGE.toNanos());
    ticker.advance(AGE.toNanos() - 1);
    assertThat(next).isNotDone();

    ticker.advance(1);

    assertThat(next.get(20, TimeUnit.SECONDS)).containsExactly(alone);
  }

  @Test
  void whoFindsNoRoomWaitsAsLongAsAsked() throws Exception {
    UsageBuffer full = new UsageBuffer(Buffering.DEFAULTS.mostRecords(1), ticker);
    assertThat(full.offer(pending())).isTrue();
    CompletableFuture<Boolean> offered =
        CompletableFuture.supplyAsync(() -> full.offer(pending(), AGE));
    ticker.awaitWaitFor(AGE.toNanos());
    assertThat(offered).isNotDone();

    ticker.advance(AGE.toNanos());

    assertThat(offered.get(20, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void whoFlushesWaitsAsLongAsAsked() throws Exception {
    buffer.offer(pending());
    CompletableFuture<Boolean> flushed = CompletableFuture.supplyAsync(() -> buffer.flush(AGE));
    ticker.awaitWaitFor(AGE.toNanos());

    ticker.advance(AGE.toNanos());

    assertThat(flushed.get(20, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  @DisplayName(
      "faults A10: what was taken and is not done belongs to whoever takes next, or drains")
  void whatWasTakenIsNeverNobodys() {
    PendingRecord first = pending();
    PendingRecord second = pending();
    PendingRecord third = pending();
    buffer.offer(first);
    buffer.offer(second);
    buffer.offer(third);

    assertThat(buffer.take()).containsExactly(first, second);
    assertThat(buffer.take()).containsExactly(first, second);
    buffer.done(1);
    assertThat(buffer.take()).containsExactly(second);
    assertThat(buffer.drain()).containsExactly(second, third);
  }

  @Test
  void whoFlushesIsToldThatTheRestWasGivenUp() throws Exception {
    buffer.offer(pending());
    CompletableFuture<Boolean> kept = CompletableFuture.supplyAsync(() -> buffer.flush(AGE));
    ticker.awaitWaitFor(AGE.toNanos());
    buffer.offer(pending());
    buffer.offer(pending());
    CompletableFuture<Boolean> lost = CompletableFuture.supplyAsync(() -> buffer.flush(AGE));
    buffer.close();
    assertThat(buffer.drain()).hasSize(3);
    assertThat(kept).isNotDone();

    buffer.end(1);

    assertThat(kept.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(lost.get(20, TimeUnit.SECONDS)).isFalse();
    assertThat(buffer.fill().records()).isZero();
    assertThat(buffer.fill().bytes()).isZero();
    assertThat(buffer.flush(AGE)).isFalse();
  }
}
