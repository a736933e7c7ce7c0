package io.llmaccounting.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.AuditVerification;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.audit.UnreliableLog.Fate;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SealingLineTest {
  private final UnreliableLog log = new UnreliableLog();
  private final SealKeys keys = new SealKeys(true, null, Map.of());
  private final SealingLine line =
      new SealingLine(
          log, keys, () -> UsageFixtures.newId(ManualClock.START), () -> "5a".repeat(16));

  @Test
  void anAnswerThatWasLostIsAskedForAgainUnderTheSameSeal() {
    line.append(List.of(entry()));
    log.next(Fate.ANSWER_LOST);

    line.append(List.of(entry(), entry()));
    line.append(List.of(entry()));

    assertThat(streams()).extracting(AuditStream::last).containsExactly(4L);
    assertIntact(4);
  }

  @Test
  void aFailureIsToldAndTheLineGoesOnInANewStream() {
    line.append(List.of(entry()));
    log.next(Fate.AWAY, Fate.AWAY);

    assertThatThrownBy(() -> line.append(List.of(entry())))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.UNAVAILABLE));
    line.append(List.of(entry()));

    assertThat(streams()).extracting(AuditStream::last).containsExactlyInAnyOrder(1L, 1L);
    assertIntact(2);
  }

  @Test
  void whatWasStoredAlthoughItFailedLeavesNeitherGapNorFork() {
    line.append(List.of(entry()));
    AuditEntry uncertain = entry();
    log.next(Fate.ANSWER_LOST, Fate.ANSWER_LOST);

    assertThatThrownBy(() -> line.append(List.of(uncertain))).isInstanceOf(BackendException.class);
    line.append(List.of(entry()));
    line.append(List.of(uncertain));
    line.append(List.of(entry()));

    assertThat(streams()).extracting(AuditStream::last).containsExactlyInAnyOrder(2L, 2L);
    assertIntact(4);
  }

  @Test
  void anIdThatIsTakenIsRefusedAndTakesNoPlace() {
    AuditEntry first = entry();
    line.append(List.of(first));
    AuditEntry other = AuditEntry.admin(first.id(), first.at(), "another", Map.of());

    assertThatThrownBy(() -> line.append(List.of(other)))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.kind()).isEqualTo(BackendException.Kind.REJECTED));
    line.append(List.of(entry()));

    assertThat(streams()).extracting(AuditStream::last).containsExactly(2L);
    assertIntact(2);
  }

  @Test
  void amongThoseThatWaitOnlyWhatIsRefusedFails() throws Exception {
    AuditEntry taken = entry();
    line.append(List.of(taken));
    AuditEntry other = AuditEntry.admin(taken.id(), taken.at(), "another", Map.of());

    List<AuditEntry> entries = new ArrayList<>(List.of(entry(), other, entry(), entry()));
    List<Boolean> stored = together(entries);

    assertThat(stored).containsExactly(true, false, true, true);
    assertThat(streams()).extracting(AuditStream::last).containsExactly(4L);
    assertIntact(4);
  }

  @Test
  void whoWaitsIsTakenAlong() throws Exception {
    List<AuditEntry> entries = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      entries.add(entry());
    }

    assertThat(together(entries)).containsOnly(true);

    // The first goes alone, those that came meanwhile go together.
    assertThat(log.appends()).isLessThanOrEqualTo(16 / 2);
    assertIntact(16);
  }

  @Test
  void whatFailsAtRandomNeverBreaksAChain() throws Exception {
    long seed = 20_260_302;
    Random random = new Random(seed);
    int acknowledged = 0;
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(4) == 0) {
        log.next(Fate.values()[random.nextInt(3)]);
      }
      try {
        line.append(List.of(entry()));
        acknowledged++;
      } catch (BackendException | IllegalStateException e) {
        // told
      }
    }

    AuditVerification found = ChainCheck.run(log, keys, List.of());
    assertThat(found.damages()).as("seed %d", seed).isEmpty();
    assertThat(found.sealed()).as("seed %d", seed).isGreaterThanOrEqualTo(acknowledged);
  }

  /** Appends each on a thread of its own, the first held up until all wait. */
  private List<Boolean> together(List<AuditEntry> entries) throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    log.waitFor(open);
    ExecutorService threads = Executors.newFixedThreadPool(entries.size() + 1);
    try {
      CountDownLatch begun = new CountDownLatch(entries.size());
      List<Future<Boolean>> ends = new ArrayList<>();
      for (AuditEntry entry : entries) {
        ends.add(
            threads.submit(
                () -> {
                  begun.countDown();
                  try {
                    line.append(List.of(entry));
                    return true;
                  } catch (BackendException e) {
                    return false;
                  }
                }));
      }
      begun.await();
      while (line.waiting() + log.held() < entries.size()) {
        Thread.onSpinWait();
      }
      open.countDown();
      List<Boolean> stored = new ArrayList<>();
      for (Future<Boolean> end : ends) {
        stored.add(end.get(30, TimeUnit.SECONDS));
      }
      return stored;
    } finally {
      threads.shutdownNow();
    }
  }

  private void assertIntact(int sealed) {
    AuditVerification found = ChainCheck.run(log, keys, List.of());
    assertThat(found.damages()).isEmpty();
    assertThat(found.sealed()).isEqualTo(sealed);
  }

  private List<AuditStream> streams() {
    return log.streams(AuditStreams.all(10));
  }

  private static AuditEntry entry() {
    return AuditEntry.admin(
        UsageFixtures.newId(ManualClock.START), ManualClock.START, "did", Map.of());
  }
}
