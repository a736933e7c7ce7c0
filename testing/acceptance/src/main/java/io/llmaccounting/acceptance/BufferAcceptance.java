package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.LlmAssertions.catchThrowableOfType;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.Health;
import io.llmaccounting.health.UsageLostException;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.recording.Buffering.WhenFull;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scenario 46: records that wait in memory. */
@Tag("engine")
public class BufferAcceptance extends OutageTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** Nothing is sent by age in a test: only by size, by flush, or by close. */
  private static final Buffering PATIENT = Buffering.DEFAULTS.flushAt(1_000, LONG);

  private LlmAccounting buffered(Buffering settings) {
    return fragile(builder -> builder.buffered(settings));
  }

  @Test
  final void aReceiptSaysBufferedAndWhatItCostsAndFlushMakesItDurable() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = buffered(PATIENT)) {
      Receipt receipt = accounting.track(aCall().costing("0.02").usage());

      assertThat(receipt).hasStatus(Receipt.Status.BUFFERED);
      assertThat(receipt.cost()).contains(Cost.usd("0.02"));
      assertThat(receipt.remaining()).isEmpty();
      assertThat(storedIds()).isEmpty();
      assertThat(accounting.health().buffer().records()).isEqualTo(1);
      assertThat(accounting.health().buffer().bytes()).isBetween(500L, 2_000L);
      accounting.flush();
      assertThat(storedIds()).containsExactly(receipt.id());
      assertThat(used("day", aCall())).isEqualTo(1);
      assertThat(accounting.health().buffer().records()).isZero();
      assertThat(accounting.health().buffer().bytes()).isZero();
    }
  }

  @Test
  final void closingStoresEverything() {
    List<UUID> ids = new ArrayList<>();
    try (LlmAccounting accounting = buffered(PATIENT)) {
      for (int i = 0; i < 2_500; i++) {
        ids.add(accounting.track(aCall().usage()).id());
      }
    }
    assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  final void whatHasWaitedLongEnoughIsSent() {
    try (LlmAccounting accounting =
        buffered(Buffering.DEFAULTS.flushAt(1_000, Duration.ofMillis(20)))) {
      UUID id = accounting.track(aCall().usage()).id();

      eventually("the record is stored", () -> storedIds().contains(id));
    }
  }

  @Test
  final void enoughRecordsAreSentAtOnceInOneTransaction() {
    try (LlmAccounting accounting = buffered(PATIENT.flushAt(50, LONG))) {
      for (int i = 0; i < 50; i++) {
        accounting.track(aCall().usage());
      }

      eventually("all are stored", () -> storedIds().size() == 50);
      // what others can read already is measured only once the commit has returned
      accounting.flush();
      assertThat(accounting.health().commitMicros().count()).isEqualTo(1);
    }
  }

  @Test
  final void whatBreaksARuleIsToldTheCallerBeforeAnythingIsAccepted() {
    try (LlmAccounting accounting = buffered(PATIENT)) {
      assertThatThrownBy(() -> accounting.track().model(" ").record())
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () ->
                  accounting
                      .track()
                      .model("m")
                      .at(clock.instant().plus(Duration.ofMinutes(6)))
                      .record())
          .isInstanceOf(IllegalArgumentException.class);

      assertThat(accounting.health().buffer().records()).isZero();
    }
  }

  @Test
  final void theSameCallTwiceIsStoredOnceAndAnotherUnderItsKeyIsReported() {
    try (LlmAccounting accounting = buffered(PATIENT)) {
      Usage usage = aCall().key("k").tokens(1, 1).usage();
      accounting.track(usage);
      accounting.track(usage);
      accounting.track(aCall().key("k").tokens(2, 2).usage());
      UUID last = accounting.track(aCall().usage()).id();

      accounting.flush();

      assertThat(storedIds()).containsExactlyInAnyOrder(usage.id(), last);
      awaitHandler();
      assertThat(handled).singleElement().isInstanceOf(UsageConflictException.class);
      Health.Counts counts = accounting.health().counts();
      assertThat(List.of(counts.recorded(), counts.duplicates(), counts.conflicts()))
          .containsExactly(2L, 1L, 1L);
    }
  }

  @Test
  final void endingACallIsBufferedTooAndGivesItsHoldBackOnceStored() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    try (LlmAccounting accounting = buffered(PATIENT)) {
      LlmCall call = accounting.begin(CallRequest.to("m").inputTokens(100));

      assertThat(call.succeeded(TokenUsage.of(5, 5))).hasStatus(Receipt.Status.BUFFERED);

      assertThat(held("tokens", aCall())).isEqualTo(100);
      accounting.flush();
      assertThat(held("tokens", aCall())).isZero();
      assertThat(used("tokens", aCall())).isEqualTo(10);
    }
  }

  @Test
  final void aRecordThatTheStoreRefusesIsReportedAndKeepsNoOtherWaiting() {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    try (LlmAccounting accounting = buffered(PATIENT)) {
      List<UUID> good = new ArrayList<>();
      UUID poison = accounting.track(aCall().by("poison").usage()).id();
      for (int i = 0; i < 100; i++) {
        good.add(accounting.track(aCall().usage()).id());
      }

      accounting.flush();

      assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(good);
      awaitHandler();
      assertThat(handled)
          .singleElement()
          .isInstanceOfSatisfying(
              UsageLostException.class,
              lost -> {
                assertThat(lost.count()).isEqualTo(1);
                assertThat(lost.firstIds()).containsExactly(poison);
              });
      assertThat(accounting.health().counts().lost()).isEqualTo(1);
    }
  }

  @Test
  final void aRecordThatTheStoreRefusesIsKeptAmongTheDeadLettersOfASpool() {
    store().refuse(usage -> "poison".equals(usage.attribution().user()));
    try (LlmAccounting accounting = fragile(builder -> builder.buffered(PATIENT).spool(spool()))) {
      UUID poison = accounting.track(aCall().by("poison").usage()).id();
      UUID good = accounting.track(aCall().usage()).id();
      accounting.flush();

      eventually("it is buried", () -> accounting.health().spool().deadLetters() == 1);
      assertThat(storedIds()).containsExactly(good);
      assertThat(spool().deadLetters().list(0, 5).get(0).call().usage().id()).isEqualTo(poison);
      assertThat(accounting.health().counts().lost()).isZero();
    }
  }

  @Test
  final void whatCannotBeStoredIsTriedAgainWithoutLossAndWithoutDuplicates() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = buffered(PATIENT.flushAt(1, LONG))) {
      store().loseNextAnswer();
      List<UUID> ids = new ArrayList<>();
      ids.add(accounting.track(aCall().usage()).id());
      breakDown(accounting);
      for (int i = 0; i < 20; i++) {
        ids.add(accounting.track(aCall().usage()).id());
      }
      recover(accounting);
      accounting.flush();

      assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(used("day", aCall())).isEqualTo(21);
    }
  }

  @Test
  final void inAnOutageTheBufferGoesToTheSpool() {
    try (LlmAccounting accounting = fragile(builder -> builder.buffered(PATIENT).spool(spool()))) {
      breakDown(accounting);
      UUID id = accounting.track(aCall().usage()).id();

      accounting.flush();

      assertThat(accounting.health().spool().records()).isEqualTo(1);
      recover(accounting);
      assertThat(storedIds()).containsExactly(id);
    }
  }

  @Test
  final void aFullBufferMakesItsCallersWaitAndThenRefuses() throws Exception {
    try (LlmAccounting accounting = buffered(PATIENT.mostRecords(2))) {
      breakDown(accounting);
      accounting.track(aCall().usage());
      accounting.track(aCall().usage());

      BackendException refusal =
          catchThrowableOfType(BackendException.class, () -> accounting.track(aCall().usage()));
      assertThat(refusal).hasMessageContaining("2 of 2 records");
      assertThat(accounting.health().counts().rejected()).isEqualTo(1);
      CompletableFuture<Receipt> waiting =
          CompletableFuture.supplyAsync(() -> accounting.track(aCall().usage()));
      recover(accounting);
      accounting.flush();

      assertThat(waiting.get(20, TimeUnit.SECONDS)).hasStatus(Receipt.Status.BUFFERED);
    }
    assertThat(storedIds()).hasSize(3);
  }

  @Test
  final void aBufferThatRejectsSaysSoAtOnce() {
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder
                    .buffered(PATIENT.mostRecords(1).whenFull(WhenFull.REJECT))
                    .timeout(Duration.ofMinutes(2)))) {
      breakDown(accounting);
      accounting.track(aCall().usage());
      long start = System.nanoTime();

      assertThatThrownBy(() -> accounting.track(aCall().usage()))
          .isInstanceOf(BackendException.class);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
      recover(accounting);
    }
    assertThat(storedIds()).hasSize(1);
  }

  @Test
  final void aFullBufferSpillsIntoTheSpool() {
    List<UUID> ids = new ArrayList<>();
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder.buffered(PATIENT.mostRecords(1).whenFull(WhenFull.SPOOL)).spool(spool()))) {
      ids.add(accounting.track(aCall().usage()).id());
      Receipt second = accounting.track(aCall().usage());
      ids.add(second.id());

      assertThat(second).hasStatus(Receipt.Status.SPOOLED);
      eventually("the spool is empty", () -> accounting.health().spool().records() == 0);
    }
    assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  final void flushingInAnOutageSaysHowManyWaitAndLosesNone() {
    UUID id;
    try (LlmAccounting accounting =
        fragile(builder -> builder.buffered(PATIENT).timeout(Duration.ofMillis(200)))) {
      breakDown(accounting);
      id = accounting.track(aCall().usage()).id();

      assertThatThrownBy(accounting::flush)
          .isInstanceOfSatisfying(
              BackendException.class, error -> assertThat(error.isPassing()).isTrue())
          .hasMessageContaining("1 record not stored from memory after PT0.2S");

      recover(accounting);
    }
    assertThat(storedIds()).containsExactly(id);
  }

  @Test
  final void bytesAreBoundedToo() {
    try (LlmAccounting accounting = buffered(PATIENT.mostBytes(10_000).whenFull(WhenFull.REJECT))) {
      breakDown(accounting);
      int accepted = 0;
      try {
        while (accepted < 100) {
          accounting.track(aCall().by("u".repeat(200)).usage());
          accepted++;
        }
      } catch (BackendException full) {
        assertThat(full).hasMessageContaining("of 10000 bytes");
      }

      assertThat(accepted).isBetween(5, 20);
      recover(accounting);
    }
  }

  @Test
  final void closingInAnOutageSaysWhatDidNotMakeIt() {
    LlmAccounting accounting =
        fragile(builder -> builder.buffered(PATIENT).closeTimeout(Duration.ofMillis(300)));
    breakDown(accounting);
    List<UUID> ids = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      ids.add(accounting.track(aCall().usage()).id());
    }

    UsageLostException lost = catchThrowableOfType(UsageLostException.class, accounting::close);

    assertThat(lost.count()).isEqualTo(150);
    assertThat(lost.firstIds()).isEqualTo(ids.subList(0, 100));
    assertThat(handled).contains(lost);
    assertThat(accounting.health().counts().lost()).isEqualTo(150);
    store().recover();
    assertThat(storedIds()).isEmpty();
  }

  @Test
  final void closingInAnOutageLeavesWhatWaitsToTheSpool() {
    List<UUID> ids = new ArrayList<>();
    try (LlmAccounting accounting =
        fragile(
            builder ->
                builder.buffered(PATIENT).spool(spool()).closeTimeout(Duration.ofSeconds(2)))) {
      breakDown(accounting);
      for (int i = 0; i < 10; i++) {
        ids.add(accounting.track(aCall().usage()).id());
      }
    }
    store().recover();
    restartSpool();
    try (LlmAccounting next = fragile(builder -> builder.spool(spool()))) {
      eventually("the spool is empty", () -> next.health().spool().records() == 0);
    }
    assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  final void manyThreadsLoseNothing() throws Exception {
    Queue<UUID> ids = new ConcurrentLinkedQueue<>();
    try (LlmAccounting accounting =
        buffered(Buffering.DEFAULTS.mostRecords(500).flushAt(100, Duration.ofMillis(5)))) {
      Crowd.run(
          8,
          number -> {
            for (int i = 0; i < 1_000; i++) {
              ids.add(accounting.track().model("m").user("u" + number).record().id());
            }
          });
      accounting.flush();
      assertThat(accounting.health().counts().recorded()).isEqualTo(8_000);
    }
    assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  final void afterCloseNothingIsAccepted() {
    LlmAccounting accounting = buffered(PATIENT);
    accounting.close();

    assertThatThrownBy(() -> accounting.track(aCall().usage()))
        .isInstanceOfSatisfying(
            BackendException.class,
            error -> assertThat(error.kind()).isEqualTo(BackendException.Kind.CLOSED));
  }

  @Test
  final void settingsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() -> fragile(b -> b.buffered().spoolAlways(spool())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> buffered(PATIENT.whenFull(WhenFull.SPOOL)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
