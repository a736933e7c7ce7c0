package io.llmaccounting.internal.recording;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.internal.health.HandMovedTicker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.Blockade;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RunningLedger;
import io.llmaccounting.internal.spool.OpenSpending;
import io.llmaccounting.internal.spool.OpenUsage;
import io.llmaccounting.internal.spool.Overflow;
import io.llmaccounting.internal.spool.OwnSpool;
import io.llmaccounting.internal.spool.ReplayRound;
import io.llmaccounting.internal.spool.ReplayedCalls;
import io.llmaccounting.internal.spool.Replayer;
import io.llmaccounting.internal.spool.SpoolGauge;
import io.llmaccounting.internal.spool.SpoolWriter;
import io.llmaccounting.internal.spool.Spooling;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.testkit.InMemorySpool;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlusherTest {
  // nothing is flushed before somebody asks
  private static final Buffering PATIENT = Buffering.DEFAULTS.flushAt(1_000, Duration.ofMinutes(1));

  // no jitter on top of half of the pause
  private static final RandomGenerator LEAST = () -> 0;

  private final HandMovedTicker ticker = new HandMovedTicker();
  private final RunningLedger ledger = new RunningLedger();
  private final InMemorySpool spool = InMemorySpool.create(ledger.clock);
  private final SpoolWriter writer =
      new SpoolWriter(spool, RunningLedger.PATIENCE, ledger.meters, ticker, ledger.told::add);

  @AfterEach
  void close() {
    writer.close(RunningLedger.PATIENCE);
    ledger.close();
  }

  private Flusher flusher(Overflow overflow) {
    return new Flusher(
        new UsageBuffer(PATIENT, ticker),
        ledger.commits,
        overflow,
        new Backoff(LEAST, ticker),
        new FlushReport(ledger.failures, ledger.meters));
  }

  // whose replayer does not begin
  private Spooling spooling() {
    OwnSpool own = new OwnSpool(spool);
    OpenSpending spending = new OpenSpending(own, writer, ledger.breaker, ledger.clock);
    ReplayedCalls sent = new ReplayedCalls(own, ledger.failures, ledger.meters);
    ReplayRound round = new ReplayRound(own, ledger.commits, spending, ledger.balances, sent);
    return new Spooling(
        writer,
        new Replayer(round, ledger.breaker, ledger.failures, ticker),
        new OpenUsage(spending, ledger.limits),
        new SpoolGauge(own, writer, sent, ledger.clock, ledger.failures),
        ledger.clock);
  }

  private static Usage offered(Flusher flusher, Usage usage) {
    assertThat(flusher.offer(new PendingRecord(usage, Given.ALL, false), Duration.ZERO)).isTrue();
    return usage;
  }

  private static List<UUID> offered(Flusher flusher, int count) {
    return Stream.generate(() -> offered(flusher, aCall().usage()).id())
        .limit(count)
        .sorted()
        .toList();
  }

  @Test
  void flushingStoresWhatWaits() {
    Flusher flusher = flusher(Overflow.NONE);
    List<UUID> ids = offered(flusher, 3);
    assertThat(ledger.stored()).isEmpty();

    assertThat(flusher.flush(RunningLedger.PATIENCE)).isTrue();

    assertThat(ledger.stored()).isEqualTo(ids);
    assertThat(flusher.fill().records()).isZero();
    flusher.close(RunningLedger.PATIENCE);
  }

  @Test
  void whatTheStoreRefusesIsToldAndKeepsNoOtherWaiting() {
    Flusher flusher = flusher(Overflow.NONE);
    Usage first = offered(flusher, aCall().by("alice").usage());
    offered(flusher, aCall().id(first.id()).at(first.occurredAt()).by("bob").usage());
    Usage last = offered(flusher, aCall().usage());

    assertThat(flusher.flush(RunningLedger.PATIENCE)).isTrue();

    assertThat(ledger.stored()).containsExactlyInAnyOrder(first.id(), last.id());
    eventually("it is told", () -> !ledger.told.isEmpty());
    assertThat(ledger.told).singleElement().asString().contains("" + first.id());
    flusher.close(RunningLedger.PATIENCE);
  }

  @Test
  void whileTheStoreIsAwayTheSpoolTakesThem() {
    Flusher flusher = flusher(spooling());
    ledger.backend.breakDown();
    offered(flusher, 3);

    assertThat(flusher.flush(RunningLedger.PATIENCE)).isTrue();

    assertThat(spool.state().waiting()).isEqualTo(3);
    assertThat(flusher.fill().records()).isZero();
    assertThat(ledger.meters.of(Meters.Count.LOST)).isZero();
    flusher.close(RunningLedger.PATIENCE);
  }

  @Test
  void withoutASpoolTheyWaitForTheStore() {
    Flusher flusher = flusher(Overflow.NONE);
    ledger.backend.breakDown();
    List<UUID> ids = offered(flusher, 3);
    assertThat(flusher.flush(Duration.ZERO)).isFalse();

    ledger.backend.recover();
    eventually("they are stored", () -> ledger.stored().equals(ids));

    flusher.close(RunningLedger.PATIENCE);
  }

  @Test
  void whileNeitherStoreNorSpoolTakeThemItTriesAfterPausesThatGrowToASecond() {
    Flusher flusher = flusher(spooling());
    ledger.backend.breakDown();
    spool.breakDown();
    offered(flusher, 3);
    assertThat(flusher.flush(Duration.ZERO)).isFalse();
    // half of each pause
    for (long millis : new long[] {10, 20, 40, 80, 160, 320, 500, 500}) {
      ticker.awaitWaitFor(millis * 1_000_000);
      ticker.advance(millis * 1_000_000);
    }
    ticker.awaitWaitFor(500_000_000);
    spool.recover();
    ticker.advance(499_999_999);
    assertThat(spool.state().waiting()).isZero();

    ticker.advance(1);

    eventually("the spool takes them", () -> spool.state().waiting() == 3);
    flusher.close(RunningLedger.PATIENCE);
  }

  @Test
  void whatWaitsIsStoredOnceTheFirstIsOldEnough() {
    Flusher flusher = flusher(Overflow.NONE);
    List<UUID> ids = offered(flusher, 2);
    ticker.awaitWaitFor(Duration.ofMinutes(1).toNanos());
    assertThat(ledger.stored()).isEmpty();

    ticker.advance(Duration.ofMinutes(1).toNanos());

    eventually("they are stored", () -> ledger.stored().equals(ids));
    flusher.close(RunningLedger.PATIENCE);
  }

  @Test
  void closingStoresWhatWaitsAndAcceptsNothingMore() {
    Flusher flusher = flusher(Overflow.NONE);
    List<UUID> ids = offered(flusher, 3);

    flusher.close(RunningLedger.PATIENCE);

    assertThat(ledger.stored()).isEqualTo(ids);
    assertThatThrownBy(() -> offered(flusher, 1)).hasMessageContaining("closed");
  }

  @Test
  void whatCannotBeStoredInTimeIsNamedWhenItIsClosed() {
    Flusher flusher = flusher(Overflow.NONE);
    ledger.backend.breakDown();
    List<UUID> ids = offered(flusher, 3);

    assertThatThrownBy(() -> flusher.close(Duration.ofMillis(1)))
        .isInstanceOfSatisfying(
            UsageLostException.class,
            lost -> assertThat(lost.firstIds()).containsExactlyInAnyOrderElementsOf(ids));

    assertThat(ledger.meters.of(Meters.Count.LOST)).isEqualTo(3);
    ledger.backend.recover();
  }

  private BufferedIntake intake(Flusher flusher, Overflow overflow) {
    return new BufferedIntake(
        flusher,
        Buffering.WhenFull.BLOCK,
        RunningLedger.PATIENCE,
        ledger.meters,
        new DurableIntake(ledger.commits, ledger.breaker, ledger.meters, overflow, false));
  }

  @Test
  void atTheEndOfTheProcessTheSpoolTakesWhatALedgerThatHangsDoesNot() throws Exception {
    Overflow overflow = spooling();
    Flusher flusher = flusher(overflow);
    Blockade blockade = Blockade.of(ledger.commits);
    offered(flusher, 3);

    intake(flusher, overflow).end(Duration.ofMillis(1));

    assertThat(spool.state().waiting()).isEqualTo(3);
    assertThat(flusher.fill().records()).isZero();
    blockade.lift();
  }

  @Test
  void atTheEndOfTheProcessItIsSaidWhatIsLostWithoutASpool() throws Exception {
    Flusher flusher = flusher(Overflow.NONE);
    Blockade blockade = Blockade.of(ledger.commits);
    List<UUID> ids = offered(flusher, 3);
    BufferedIntake intake = intake(flusher, Overflow.NONE);

    assertThatThrownBy(() -> intake.end(Duration.ofMillis(1)))
        .isInstanceOfSatisfying(
            UsageLostException.class,
            lost -> assertThat(lost.firstIds().stream().sorted().toList()).isEqualTo(ids));
    blockade.lift();
  }

  @Test
  void whatComesAfterTheEndOfTheProcessHasBegunIsDurable() {
    Flusher flusher = flusher(Overflow.NONE);
    BufferedIntake intake = intake(flusher, Overflow.NONE);
    intake.end(RunningLedger.PATIENCE);
    Usage usage = aCall().usage();

    intake.take(ledger.commits.waiting(), new PendingRecord(usage, Given.ALL, false)).join();

    assertThat(ledger.stored()).containsExactly(usage.id());
  }
}
