package io.llmaccounting.internal.recording;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.recording.Buffering;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UsageBufferTest {
  private static final Duration AGE = Duration.ofMinutes(1);

  private final AtomicLong now = new AtomicLong();
  private final UsageBuffer buffer = new UsageBuffer(Buffering.DEFAULTS.flushAt(2, AGE), now::get);

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
    now.addAndGet(AGE.toNanos() - 1);
    assertThat(buffer.take()).hasSize(2);
    buffer.done(2);
    now.incrementAndGet();

    CompletableFuture<List<PendingRecord>> next = CompletableFuture.supplyAsync(buffer::take);

    assertThat(next.get(20, TimeUnit.SECONDS)).containsExactly(last);
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
}
