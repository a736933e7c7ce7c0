package io.llmaccounting.internal.spool;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.DeadLetters;
import io.llmaccounting.backend.OpenAmounts;
import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolEntry;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.internal.health.HandMovedTicker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.Begun;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.testkit.InMemorySpool;
import io.llmaccounting.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SpoolWriterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final OpenLimit OPEN = new OpenLimit("day", "");

  private final HandMovedTicker ticker = new HandMovedTicker();
  private final ManualClock clock = ManualClock.create();
  private final InMemorySpool kept = InMemorySpool.create(clock);
  private final SlowDisk disk = new SlowDisk(kept);
  private final Meters meters = new Meters(clock);
  private final Queue<RuntimeException> broke = new ConcurrentLinkedQueue<>();
  private final SpoolWriter writer = new SpoolWriter(disk, PATIENCE, meters, ticker, broke::add);
  private final AtomicReference<Throwable> failed = new AtomicReference<>();

  /** Writes when it is let, and remembers how many calls each write had. */
  private record SlowDisk(Spool real, Semaphore writes, Queue<Integer> sizes) implements Spool {
    SlowDisk(Spool real) {
      this(real, new Semaphore(1_000), new ConcurrentLinkedQueue<>());
    }

    @Override
    public void append(List<SpooledCall> calls, Map<OpenLimit, Long> opened) {
      sizes.add(calls.size());
      writes.acquireUninterruptibly();
      real.append(calls, opened);
    }

    @Override
    public List<SpoolEntry> read(long after, int count) {
      return real.read(after, count);
    }

    @Override
    public void remove(Set<Long> positions) {
      real.remove(positions);
    }

    @Override
    public DeadLetters deadLetters() {
      return real.deadLetters();
    }

    @Override
    public OpenAmounts openAmounts() {
      return real.openAmounts();
    }

    @Override
    public SpoolState state() {
      return real.state();
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @AfterEach
  void close() {
    disk.writes().release(1_000);
    writer.close(PATIENCE);
    assertThat(broke).isEmpty();
  }

  private List<SpooledCall> calls(int count) {
    List<SpooledCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(new PendingRecord(aCall().usage(), Given.ALL, false).spooled(clock.instant()));
    }
    return calls;
  }

  private Thread appending(int count) {
    List<SpooledCall> calls = calls(count);
    Thread caller =
        new Thread(
            () -> {
              try {
                writer.append(calls, Map.of());
              } catch (RuntimeException e) {
                failed.set(e);
              }
            });
    caller.start();
    return caller;
  }

  private static boolean waits(Thread caller) {
    return caller.getState() == Thread.State.TIMED_WAITING;
  }

  @Test
  void whoComesDuringAWriteSharesTheNext() throws Exception {
    disk.writes().drainPermits();
    Thread first = appending(1);
    eventually("the first is written", () -> disk.sizes().size() == 1);
    List<Thread> others = List.of(appending(2), appending(3), appending(4));
    eventually("the others wait", () -> others.stream().allMatch(SpoolWriterTest::waits));

    disk.writes().release(2);

    first.join();
    for (Thread other : others) {
      other.join();
    }
    assertThat(disk.sizes()).containsExactly(1, 9);
    assertThat(kept.state().waiting()).isEqualTo(10);
    assertThat(meters.of(Meters.Count.SPOOLED)).isEqualTo(10);
    assertThat(failed).hasNullValue();
  }

  @Test
  void whatDoesNotFitTogetherMayFitAlone() throws Exception {
    kept.maxCalls(4);
    disk.writes().drainPermits();
    Thread first = appending(1);
    eventually("the first is written", () -> disk.sizes().size() == 1);
    Thread tooMany = appending(4);
    eventually("too many wait", () -> waits(tooMany));
    Thread fits = appending(3);
    eventually("some wait that fit", () -> waits(fits));

    disk.writes().release(1_000);

    first.join();
    tooMany.join();
    fits.join();
    assertThat(kept.state().waiting()).isEqualTo(4);
    assertThat(failed.get()).isInstanceOf(SpoolFullException.class);
  }

  @Test
  void whatPassesIsTriedAgainUpToThreeTimes() {
    kept.failNext(2);
    writer.append(calls(1), Map.of());
    assertThat(disk.sizes()).hasSize(3);
    assertThat(ticker.pauses()).containsExactly(10_000_000L, 10_000_000L);

    kept.failNext(3);
    assertThatThrownBy(() -> writer.append(calls(1), Map.of()))
        .isInstanceOf(BackendException.class);
    assertThat(disk.sizes()).hasSize(6);
    assertThat(kept.state().waiting()).isEqualTo(1);
  }

  @Test
  void whoHasWaitedForTheTimeoutIsToldAndNotWrittenAfterwards() throws Exception {
    disk.writes().drainPermits();
    Thread first = appending(1);
    eventually("the first is written", () -> disk.sizes().size() == 1);
    Thread second = appending(2);
    eventually("both wait", () -> waits(first) && waits(second));
    ticker.advance(PATIENCE.toNanos() - 1);
    assertThat(failed).hasNullValue();

    ticker.advance(1);
    first.join();
    second.join();
    disk.writes().release(1_000);

    assertThat(failed.get())
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("no answer from the spool within PT20S");
    assertThat(writer.close(PATIENCE)).isTrue();
    assertThat(disk.sizes()).containsExactly(1);
    assertThat(writer.atEnd().waiting()).isEqualTo(1);
  }

  @Test
  void anInterruptDoesNotCallBackWhatIsUnderWay() throws Exception {
    disk.writes().drainPermits();
    Thread caller = appending(1);
    eventually("it is written", () -> disk.sizes().size() == 1);
    caller.interrupt();
    eventually("it waits on", () -> !caller.isInterrupted() && waits(caller));

    disk.writes().release(1);
    caller.join();

    assertThat(failed).hasNullValue();
    assertThat(kept.state().waiting()).isEqualTo(1);
  }

  @Test
  void amountsAreNeverWrittenASecondTime() {
    kept.loseNextAnswer();

    assertThatThrownBy(() -> writer.append(calls(1), Map.of(OPEN, 3L)))
        .isInstanceOf(BackendException.class);

    assertThat(disk.sizes()).hasSize(1);
    assertThat(kept.openAmounts().sums()).isEqualTo(Map.of(OPEN, 3L));
  }

  @Test
  void closingWritesWhatWaitsAndTellsWhatWasKept() throws Exception {
    disk.writes().drainPermits();
    Thread first = appending(1);
    eventually("the first is written", () -> disk.sizes().size() == 1);
    Thread second = appending(2);
    eventually("the second waits", () -> waits(second));
    assertThat(writer.close(Duration.ZERO)).isFalse();

    assertThatThrownBy(() -> writer.append(calls(1), Map.of()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("closed");
    disk.writes().release(1_000);

    assertThat(writer.close(PATIENCE)).isTrue();
    first.join();
    second.join();
    assertThat(failed).hasNullValue();
    assertThat(writer.atEnd().waiting()).isEqualTo(3);
  }

  @Test
  @Timeout(30)
  void whileTheDiskHangsWhoComesIsRefusedAtOnce() throws Exception {
    disk.writes().drainPermits();
    Thread first = appending(1);
    eventually("the first is written", () -> disk.sizes().size() == 1 && waits(first));
    ticker.advance(PATIENCE.toNanos());
    first.join();

    assertThatThrownBy(() -> writer.append(calls(1), Map.of()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("the spool's disk has not answered for PT20S");

    disk.writes().release(1_000);
    eventually("the disk answers", () -> kept.state().waiting() == 1);
    eventually("what comes now is written", () -> isTaken());
  }

  private boolean isTaken() {
    try {
      writer.append(calls(1), Map.of());
      return true;
    } catch (BackendException e) {
      return false;
    }
  }

  @Test
  void whatTimedOutWaitsNoMore() throws Exception {
    disk.writes().drainPermits();
    Thread first = appending(1);
    eventually("the first is written", () -> disk.sizes().size() == 1);
    Thread second = appending(2);
    eventually("both wait", () -> waits(first) && waits(second));
    assertThat(writer.waiting()).isEqualTo(1);

    ticker.advance(PATIENCE.toNanos());
    first.join();
    second.join();

    assertThat(writer.waiting()).isZero();
  }

  @Test
  void manyAppendsThatNobodyWaitsForShareAWrite() {
    disk.writes().drainPermits();
    List<CompletableFuture<Boolean>> begun = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      begun.add(writer.begin(calls(1), Map.of()).outcome());
    }
    disk.writes().release(1_000);

    CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new)).join();

    assertThat(disk.sizes()).hasSizeLessThan(5);
    assertThat(kept.state().waiting()).isEqualTo(2_000);
  }

  @Test
  void anAppendThatIsGivenUpIsToldAndNotWritten() {
    disk.writes().drainPermits();
    Begun<Boolean> first = writer.begin(calls(1), Map.of());
    eventually("the disk is slow", () -> disk.sizes().size() == 1);
    Begun<Boolean> second = writer.begin(calls(1), Map.of());

    second.giveUp().run();

    assertThat(second.outcome())
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("may or may not have been written");
    disk.writes().release(1_000);
    assertThat(first.outcome().join()).isTrue();
    assertThat(kept.state().waiting()).isEqualTo(1);
  }

  @Test
  void whatNobodyWaitsForIsBoundedAndCounted() {
    disk.writes().drainPermits();
    List<SpooledCall> one = calls(1);
    Begun<Boolean> first = writer.begin(one, Map.of());
    eventually("the disk is slow", () -> disk.sizes().size() == 1);
    for (int i = 0; i < 50_000; i++) {
      Begun<Boolean> unused = writer.begin(one, Map.of());
    }

    assertThatThrownBy(() -> writer.begin(one, Map.of()))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("50,000 appends wait");

    assertThat(meters.of(Meters.Count.REJECTED)).isEqualTo(1);
    disk.writes().release(1_000);
    assertThat(first.outcome().join()).isTrue();
  }
}
