package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SpoolFullException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was recorded while the store was away arrives once, when it is back. */
public class SpoolAcceptance extends OutageTest {
  private LlmAccounting spooling() {
    return fragile(settings -> settings.spool(spool()));
  }

  @Test
  final void aCallRecordedInAnOutageIsSpooledAndBookedOnceTheStoreIsBack() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = spooling()) {
      breakDown(accounting);

      Receipt receipt = accounting.track(aCall().costing("0.02").usage());

      assertThat(receipt).hasStatus(Receipt.Status.SPOOLED);
      assertThat(receipt.cost()).contains(io.llmaccounting.usage.Cost.usd("0.02"));
      assertThat(receipt.remaining()).isEmpty();
      assertThat(accounting.health().spool().records()).isEqualTo(1);
      assertThat(storedIds()).isEmpty();
      recover(accounting);
      assertThat(storedIds()).containsExactly(receipt.id());
      assertThat(used("day", aCall())).isEqualTo(1);
      Health.Counts counts = accounting.health().counts();
      assertThat(List.of(counts.spooled(), counts.replayed(), counts.recorded()))
          .containsExactly(1L, 1L, 1L);
      assertThat(accounting.health().isWell()).isTrue();
    }
    assertThat(transitions)
        .extracting(Health.Store::breaker)
        .containsExactly(Health.Breaker.OPEN, Health.Breaker.CLOSED);
  }

  @Test
  final void aRecordWhoseAnswerWasLostIsNotBookedAgainByTheReplay() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = spooling()) {
      store().loseNextAnswer();
      Usage usage = aCall().usage();

      accounting.track(usage);
      breakDown(accounting);
      assertThat(accounting.track(usage)).hasStatus(Receipt.Status.SPOOLED);
      recover(accounting);

      assertThat(storedIds()).containsExactly(usage.id());
      assertThat(used("day", aCall())).isEqualTo(1);
    }
  }

  @Test
  final void aCallAdmittedBeforeTheOutageIsSettledByTheReplayWithItsHold() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    try (LlmAccounting accounting = spooling()) {
      LlmCall call = accounting.begin(CallRequest.to("m").inputTokens(100).maxOutputTokens(100));
      breakDown(accounting);

      assertThat(call.succeeded(TokenUsage.of(90, 10))).hasStatus(Receipt.Status.SPOOLED);

      assertThat(held("tokens", aCall())).isEqualTo(200);
      recover(accounting);
      assertThat(held("tokens", aCall())).isZero();
      assertThat(used("tokens", aCall())).isEqualTo(100);
      assertThat(stored(call.id()).late()).isFalse();
    }
  }

  @Test
  final void aSettleReplayedAfterItsHoldExpiredIsMarkedLate() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    try (LlmAccounting accounting = spooling()) {
      HeldCall hold =
          accounting
              .quotas()
              .reserve(CallRequest.to("m").inputTokens(1).holdFor(Duration.ofSeconds(5)))
              .hold()
              .orElseThrow();
      breakDown(accounting);
      hold.settle(aCall().on("m").tokens(3, 4).id(hold.id()).usage());
      clock.advance(Duration.ofSeconds(60));
      recover(accounting);

      RecordedUsage stored = stored(hold.id());
      assertThat(stored.late()).isTrue();
      assertThat(stored.chargedAt()).isEqualTo(io.llmaccounting.testkit.ManualClock.START);
      assertThat(used("tokens", aCall())).isEqualTo(7);
      assertThat(accounting.health().counts().late()).isEqualTo(1);
    }
  }

  @Test
  final void releasingInAnOutageIsNoErrorAndTheHoldExpires() {
    save(Limit.named("tokens").totalTokens(1_000).lifetime());
    try (LlmAccounting accounting = spooling()) {
      HeldCall hold =
          accounting
              .quotas()
              .reserve(CallRequest.to("m").inputTokens(100).holdFor(Duration.ofSeconds(5)))
              .hold()
              .orElseThrow();
      breakDown(accounting);

      hold.release();

      recover(accounting);
      assertThat(held("tokens", aCall())).isEqualTo(100);
      clock.advance(Duration.ofSeconds(6));
      assertThat(held("tokens", aCall())).isZero();
    }
  }

  @Test
  final void whatADeadProcessLeftIsBookedByTheNext() {
    UUID id;
    try (LlmAccounting dying = spooling()) {
      breakDown(dying);
      id = dying.track(aCall().usage()).id();
    }
    assertThat(storedIds()).isEmpty();
    store().recover();
    restartSpool();

    try (LlmAccounting next = spooling()) {
      // a spool that has not taken over yet what was left is empty as well
      eventually("what was left is booked", () -> next.health().counts().replayed() == 1);
      eventually("the spool is empty", () -> next.health().spool().records() == 0);
      assertThat(storedIds()).containsExactly(id);
    }
  }

  @Test
  final void aRecordThatTheStoreRefusesIsBuriedAndKeepsNoOtherWaiting() {
    try (LlmAccounting accounting = spooling()) {
      breakDown(accounting);
      List<UUID> good = new ArrayList<>();
      UUID poison = null;
      for (int i = 0; i < 500; i++) {
        if (i == 123) {
          poison = accounting.track(aCall().by("poison").usage()).id();
        } else {
          good.add(accounting.track(aCall().by("u" + i % 7).usage()).id());
        }
      }
      store().refuse(usage -> "poison".equals(usage.attribution().user()));
      recover(accounting);

      assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(good);
      UUID buried = poison;
      assertThat(spool().deadLetters().list(0, 10))
          .singleElement()
          .satisfies(
              letter -> {
                assertThat(letter.call().usage().id()).isEqualTo(buried);
                assertThat(letter.reason()).contains("refuses this record");
              });
      assertThat(accounting.health().counts().deadLettered()).isEqualTo(1);
      assertThat(accounting.health().spool().deadLetters()).isEqualTo(1);
      awaitHandler();
      assertThat(handled)
          .anySatisfy(error -> assertThat(error).hasMessageContaining(buried.toString()));
    }
  }

  @Test
  final void aSpooledCallWhoseKeyMeansAnotherCallIsBuried() {
    track(aCall().key("k").tokens(1, 1));
    try (LlmAccounting accounting = spooling()) {
      breakDown(accounting);
      accounting.track(aCall().key("k").tokens(1, 1).usage());
      accounting.track(aCall().key("k").tokens(2, 2).usage());
      recover(accounting);

      assertThat(storedIds()).hasSize(1);
      assertThat(accounting.health().counts().duplicates()).isEqualTo(1);
      assertThat(spool().deadLetters().list(0, 10))
          .singleElement()
          .satisfies(letter -> assertThat(letter.reason()).contains("already used"));
    }
  }

  @Test
  final void aSpoolThatIsFullRefusesAndSaysSo() {
    openSpoolWithRoomFor(65_536);
    List<UUID> kept = new ArrayList<>();
    try (LlmAccounting accounting = spooling()) {
      breakDown(accounting);

      assertThatThrownBy(() -> trackForever(accounting, kept))
          .isInstanceOf(SpoolFullException.class);

      assertThat(kept).hasSizeBetween(5, 500);
      assertThat(accounting.health().counts().rejected()).isEqualTo(1);
      recover(accounting);
      Receipt receipt = accounting.track(aCall().usage());
      assertThat(receipt).isRecorded();
      kept.add(receipt.id());
      assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(kept);
    }
  }

  private static void trackForever(LlmAccounting accounting, List<UUID> kept) {
    while (kept.size() < 10_000) {
      kept.add(accounting.track(aCall().usage()).id());
    }
  }

  @Test
  final void aSpoolThatFailsInAnOutageIsToldTheCallerOrTheHandler() {
    try (LlmAccounting strict = spooling();
        LlmAccounting going =
            fragile(settings -> settings.spool(spool()).continueOnError(handled::add))) {
      breakDown(strict);
      breakDown(going);
      spool().breakDown();

      assertThatThrownBy(() -> strict.track(aCall().usage()))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("the spool is down");
      assertThat(going.track(aCall().usage())).hasStatus(Receipt.Status.NOT_RECORDED);

      assertThat(handled).anySatisfy(e -> assertThat(e).hasMessageContaining("the spool is down"));
      assertThat(going.health().counts().contained()).isPositive();
      spool().recover();
      UUID id = strict.track(aCall().usage()).id();
      recover(strict);
      assertThat(storedIds()).containsExactly(id);
    }
  }

  @Test
  final void whatIsAlwaysSpooledArrivesWithoutAnyOutage() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = fragile(settings -> settings.spoolAlways(spool()))) {
      List<UUID> ids = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        Receipt receipt = accounting.track(aCall().usage());
        assertThat(receipt).hasStatus(Receipt.Status.SPOOLED);
        ids.add(receipt.id());
      }
      LlmCall call = accounting.begin(CallRequest.to("m"));
      ids.add(call.succeeded(TokenUsage.of(1, 1)).id());

      eventually("the spool is empty", () -> accounting.health().spool().records() == 0);
      assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(used("day", aCall())).isEqualTo(301);
      assertThat(held("day", aCall())).isZero();
    }
  }

  @Test
  final void aStoreThatHangsKeepsNobodyLongerThanTheTimeout() {
    try (LlmAccounting accounting =
        fragile(settings -> settings.spool(spool()).timeout(Duration.ofMillis(600)))) {
      store().hang();

      Receipt receipt = accounting.track(aCall().usage());

      assertThat(receipt).hasStatus(Receipt.Status.SPOOLED);
      recover(accounting);
      assertThat(storedIds()).containsExactly(receipt.id());
    }
  }

  @Test
  @DisplayName("faults G2: what a full disk keeps in the spool is booked once, and told")
  final void aSpoolThatCannotBeEmptiedIsBookedOnce() {
    save(Limit.named("day").requests(1_000).lifetime());
    try (LlmAccounting accounting = spooling()) {
      breakDown(accounting);
      List<UUID> ids = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        ids.add(accounting.track(aCall().usage()).id());
      }
      spool().fillDisk();
      store().recover();

      eventually("all are booked", () -> storedIds().size() == 600);
      eventually("nothing waits any more", () -> accounting.health().spool().records() == 0);

      awaitHandler();
      assertThat(handled).anySatisfy(e -> assertThat(e).hasMessageContaining("disk is full"));
      assertThat(accounting.health().failure().orElseThrow().consequence())
          .contains("the spool could not be rid of calls");
      assertThat(isReached(accounting)).isTrue();
      // three more passes over what stays
      long passes = handled.size() + 3;
      eventually("it is tried again", () -> handled.size() >= passes);
      assertThat(accounting.health().counts().duplicates()).isZero();
      assertThat(accounting.health().counts().replayed()).isEqualTo(600);
      assertThat(spool().state().waiting()).isEqualTo(600);
      spool().freeDisk();
      eventually("the spool is empty", () -> spool().state().waiting() == 0);
      assertThat(storedIds()).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(accounting.health().counts().duplicates()).isZero();
    }
  }

  @Test
  @DisplayName("faults A10: a spool that cannot be closed does not keep the backend open")
  final void aSpoolThatCannotBeClosedDoesNotKeepTheBackendOpen() {
    LlmAccounting accounting = spooling();
    spool().failToClose();

    assertThatThrownBy(accounting::close).hasMessageContaining("cannot be closed");

    assertThat(store().isClosed()).isTrue();
  }

  @Test
  @DisplayName(
      "faults A10: whoever closes and is interrupted does not close the spool under a write")
  final void anInterruptedCloserWaitsForTheWriter() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    LlmAccounting accounting = fragile(s -> s.spool(spool()).timeout(Duration.ofSeconds(200)));
    breakDown(accounting);
    spool().appendAfter(disk);
    CompletableFuture<Receipt> writing =
        CompletableFuture.supplyAsync(() -> accounting.track(aCall().usage()));
    eventually("it is being written", () -> spool().isWriting());
    Thread closer =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              accounting.close();
            });
    closer.start();
    eventually(
        "the closer waits for the writer", () -> !closer.isAlive() || waitsForWriter(closer));

    // an interrupt that ended the wait would let it close, and return
    assertThat(closer.isAlive()).isTrue();
    assertThat(spool().isClosed()).isFalse();
    disk.countDown();
    closer.join();
    assertThat(spool().wasClosedUnderAWrite()).isFalse();
    assertThat(spool().isClosed()).isTrue();
    assertThat(writing.get()).hasStatus(Receipt.Status.SPOOLED);
  }

  private static boolean waitsForWriter(Thread closer) {
    return closer.getState() == Thread.State.TIMED_WAITING
        && Arrays.stream(closer.getStackTrace())
            .anyMatch(frame -> frame.getClassName().matches(".*\\.(SpoolWriter|UnderWay)"));
  }

  @Test
  @DisplayName("faults A10, G10: replay goes on after an error handler that overflows the stack")
  final void replayOutlivesAHandlerThatOverflows() {
    try (LlmAccounting accounting =
        fragile(settings -> settings.spool(spool()).errorHandler(SpoolAcceptance::overflow))) {
      breakDown(accounting);
      UUID first = accounting.track(aCall().by("poison").usage()).id();
      UUID second = accounting.track(aCall().by("good").usage()).id();
      store().refuse(usage -> usage.id().equals(first));
      recover(accounting);

      assertThat(storedIds()).containsExactly(second);
      breakDown(accounting);
      UUID third = accounting.track(aCall().usage()).id();
      recover(accounting);
      assertThat(storedIds()).containsExactlyInAnyOrder(second, third);
      assertThat(accounting.health().counts().contained()).isPositive();
    }
  }

  private static void overflow(RuntimeException error) {
    List.of(error).forEach(SpoolAcceptance::overflow);
  }
}
