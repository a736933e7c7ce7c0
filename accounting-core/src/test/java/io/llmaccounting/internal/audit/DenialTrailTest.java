package io.llmaccounting.internal.audit;

import static io.llmaccounting.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.audit.UnreliableLog.Fate;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.testkit.UsageFixtures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DenialTrailTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final CallRequest REQUEST = CallRequest.to("m").session("s1");

  private final UnreliableLog log = new UnreliableLog();
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final DenialTrail trail = trail(DenialTrail.CLOSING);

  private DenialTrail trail(Duration patience) {
    return new DenialTrail(
        new EntryWriter(
            log,
            new StoredTexts(UnaryOperator.identity(), 100, new Told()),
            new SealKeys(true, null, Map.of()),
            () -> UsageFixtures.newId(ManualClock.START),
            () -> "5a".repeat(16)),
        () -> ManualClock.START,
        UsageFixtures::newId,
        new Told(),
        patience);
  }

  private final class Told implements DenialTrail.Contained, StoredTexts.Failing {
    @Override
    public void report(String consequence, RuntimeException failure) {
      told.add(consequence);
    }

    @Override
    public void failed(RuntimeException failure) {
      told.add("text");
    }

    @Override
    public void brokeOff(RuntimeException failure) {
      told.add("broke off");
    }

    @Override
    public void worked() {}
  }

  @BeforeEach
  void start() {
    trail.start();
  }

  @AfterEach
  void close() {
    trail.close();
  }

  @Test
  void whatFailsForAWhileIsWrittenLaterAndTold() {
    log.next(Fate.AWAY, Fate.AWAY);

    trail.denied(REQUEST, denied());
    trail.flush(PATIENCE);

    assertThat(entries()).hasSize(1);
    assertThat(told).containsExactly("1 denial waits to be written to the audit log");
  }

  @Test
  void whatIsRefusedIsToldAndDoesNotHoldUpTheRest() {
    log.next(Fate.BROKEN);

    trail.denied(REQUEST, denied());
    trail.flush(PATIENCE);
    trail.denied(REQUEST, denied());
    trail.flush(PATIENCE);

    assertThat(entries()).hasSize(1);
    assertThat(told).containsExactly("1 denial was not written to the audit log");
  }

  @Test
  void aStoreThatHangsHoldsNobodyUpAndWhatFindsNoRoomIsCounted() {
    CountDownLatch open = new CountDownLatch(1);
    log.waitFor(open);

    for (int i = 0; i < 10_600; i++) {
      trail.denied(REQUEST, denied());
    }
    assertThatThrownBy(() -> trail.flush(Duration.ofMillis(10)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("they still wait");

    open.countDown();
    trail.flush(PATIENCE);
    assertThat(told).isNotEmpty().allMatch(one -> one.startsWith("a denial was not written"));
    assertThat(entries().size() + told.size()).isEqualTo(10_600);
    assertThat(ChainCheck.run(log, new SealKeys(false, null, Map.of()), List.of()).damages())
        .isEmpty();
  }

  @Test
  void closingGivesUpWhatTheStoreDoesNotTake() {
    log.next(Fate.AWAY, Fate.AWAY, Fate.AWAY, Fate.AWAY, Fate.AWAY, Fate.AWAY);
    trail.denied(REQUEST, denied());

    trail.close();

    assertThat(entries()).isEmpty();
    assertThat(told).contains("1 denial was not written to the audit log");
  }

  @Test
  void closingTriesOnceMoreWhatWaitsForTheStore() throws Exception {
    log.next(Fate.AWAY, Fate.AWAY);
    trail.denied(REQUEST, denied());
    assertThat(told.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .isEqualTo("1 denial waits to be written to the audit log");

    trail.close();

    assertThat(entries()).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void closingTellsOfTheBatchThatTheStoreHasNotAnswered() {
    CountDownLatch open = new CountDownLatch(1);
    log.waitFor(open);
    DenialTrail hurried = trail(Duration.ZERO);
    hurried.denied(REQUEST, denied());
    hurried.denied(REQUEST, denied());
    hurried.start();
    eventually("both are sent", () -> log.held() == 2);
    hurried.denied(REQUEST, denied());

    hurried.close();

    assertThat(told)
        .containsExactly(
            "2 denials may not have been written to the audit log",
            "1 denial was not written to the audit log");
    open.countDown();
  }

  @Test
  void aDenialAfterTheCloseIsTold() {
    trail.close();

    trail.denied(REQUEST, denied());
    trail.denied(REQUEST, denied());

    assertThat(entries()).isEmpty();
    assertThat(told)
        .containsExactly(
            "a denial was not written to the audit log",
            "a denial was not written to the audit log");
  }

  private List<AuditEntry> entries() {
    return java.util.stream.Stream.iterate(
            log.find(AuditQuery.latest(10_000)),
            page -> !page.isEmpty(),
            page -> log.find(AuditQuery.latest(10_000).after(page.get(page.size() - 1).id())))
        .flatMap(List::stream)
        .toList();
  }

  private static Decision.Denied denied() {
    Limit limit = Limit.named("none").requests(0).lifetime();
    LimitStatus status = new LimitStatus(limit, "", ManualClock.START, 0, 0, null, Duration.ZERO);
    return new Decision.Denied(
        List.of(new Exceeded(status, 1, Exceeded.Reason.SPENT, null)), ManualClock.START);
  }
}
