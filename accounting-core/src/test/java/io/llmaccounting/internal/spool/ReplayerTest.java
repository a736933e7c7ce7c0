package io.llmaccounting.internal.spool;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.health.HandMovedTicker;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RunningLedger;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.testkit.InMemorySpool;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayerTest {
  private static final long LOOK_AGAIN = 1_000_000_000L;

  private final HandMovedTicker ticker = new HandMovedTicker();
  private final RunningLedger ledger = new RunningLedger();
  private final InMemorySpool spool = InMemorySpool.create(ledger.clock);
  private final SpoolWriter writer =
      new SpoolWriter(spool, RunningLedger.PATIENCE, ledger.meters, ticker, ledger.told::add);
  private final OwnSpool own = new OwnSpool(spool);
  private final Replayer replayer =
      new Replayer(
          new ReplayRound(
              own,
              ledger.commits,
              new OpenSpending(spool, writer, ledger.breaker, ledger.clock),
              ledger.balances,
              new ReplayedCalls(own, ledger.failures, ledger.meters)),
          ledger.breaker,
          ledger.failures,
          ticker);

  @AfterEach
  void close() {
    replayer.close(RunningLedger.PATIENCE);
    writer.close(RunningLedger.PATIENCE);
    ledger.close();
  }

  private Usage spooled(CallFixture call) {
    Usage usage = call.usage();
    spool.append(
        List.of(new PendingRecord(usage, Given.ALL, false).spooled(ledger.clock.instant())),
        Map.of());
    return usage;
  }

  private List<UUID> spooled(int count) {
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(spooled(aCall()).id());
    }
    return ids.stream().sorted().toList();
  }

  private void drain() {
    eventually("the spool is empty", () -> spool.state().waiting() == 0);
  }

  @Test
  void whatAnEarlierProcessLeftIsBroughtAllOfItOnce() {
    List<UUID> left = spooled(600);

    replayer.start();
    drain();

    assertThat(ledger.stored()).isEqualTo(left);
    eventually("all are counted", () -> ledger.meters.of(Meters.Count.REPLAYED) == 600);
    assertThat(ledger.told).isEmpty();
  }

  @Test
  void whatIsRefusedIsBuriedAndKeepsNoOtherWaiting() {
    Usage first = spooled(aCall().by("alice"));
    spooled(aCall().id(first.id()).at(first.occurredAt()).by("bob"));
    Usage last = spooled(aCall());

    replayer.start();
    drain();

    assertThat(ledger.stored()).containsExactlyInAnyOrder(first.id(), last.id());
    assertThat(spool.state().deadLetters()).isEqualTo(1);
    eventually("it is told", () -> !ledger.told.isEmpty());
    assertThat(ledger.told).singleElement().asString().contains("" + first.id());
  }

  @Test
  void whileTheStoreIsAwayItIsNotAskedUntilItIsBack() {
    ledger.backend.breakDown();
    ledger.breaker.isAway(new BackendException(BackendException.Kind.UNREACHABLE, "away"));
    ledger.commits.wake();
    List<UUID> left = spooled(3);
    replayer.start();
    replayer.wake();
    eventually("it was tried", () -> !"away".equals(ledger.breaker.state().reason()));
    assertThat(spool.state().waiting()).isEqualTo(3);

    ledger.backend.recover();
    eventually("it is back", () -> !ledger.breaker.isOpen());
    replayer.wake();
    drain();

    assertThat(ledger.stored()).isEqualTo(left);
  }

  @Test
  void whatTheStoreMayHaveTakenIsSentAgainAndStoredOnce() {
    List<UUID> left = spooled(2);
    ledger.backend.loseNextAnswer();
    replayer.start();
    drain();
    List<UUID> more = spooled(2);
    replayer.wake();
    drain();

    assertThat(ledger.stored()).hasSize(4).containsAll(left).containsAll(more);
    eventually("all are counted", () -> ledger.meters.of(Meters.Count.REPLAYED) == 4);
  }

  @Test
  void whatIsSpooledUnheardIsFoundAfterASecond() {
    replayer.start();
    ticker.awaitWaitFor(LOOK_AGAIN);
    List<UUID> left = spooled(1);
    ticker.advance(LOOK_AGAIN - 1);
    assertThat(spool.state().waiting()).isEqualTo(1);

    ticker.advance(1);
    drain();

    assertThat(ledger.stored()).isEqualTo(left);
  }

  @Test
  void aSpoolThatCannotBeReadIsReadAgainAfterASecond() {
    List<UUID> left = spooled(2);
    spool.failNext(1);
    replayer.start();
    ticker.awaitWaitFor(LOOK_AGAIN);
    eventually("it is told", () -> !ledger.told.isEmpty());
    assertThat(ledger.told).singleElement().isInstanceOf(BackendException.class);

    ticker.advance(LOOK_AGAIN);
    drain();

    assertThat(ledger.stored()).isEqualTo(left);
  }

  @Test
  void afterClosingWhatWaitsIsLeftForTheNextStart() {
    replayer.start();
    replayer.close(RunningLedger.PATIENCE);
    spooled(2);

    replayer.wake();

    assertThat(spool.state().waiting()).isEqualTo(2);
    assertThat(ledger.stored()).isEmpty();
  }
}
