package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** faults H4: what a call takes of open amounts while it ends is given back with the rest. */
@Timeout(60)
public class LateGrowthAcceptance extends OutageTest {
  private static final CallRequest REQUEST =
      CallRequest.to("m").inputTokens(100).maxOutputTokens(100);

  private LlmAccounting open() {
    save(
        Limit.named("tokens")
            .totalTokens(10_000)
            .lifetime()
            .onOutage(OutagePolicy.failOpen(1_000)));
    LlmAccounting accounting =
        fragile(builder -> builder.spool(spool()).timeout(Duration.ofSeconds(60)));
    closing(accounting);
    accounting.quotas().check(REQUEST);
    return accounting;
  }

  // the growth is being written when the call ends
  private void endsWhileItGrows(LlmAccounting accounting, HeldCall held) {
    CountDownLatch disk = new CountDownLatch(1);
    spool().appendAfter(disk);
    CompletableFuture<?> grown =
        CompletableFuture.runAsync(() -> held.grow(REQUEST.maxOutputTokens(500)));
    eventually("the growth is being written", () -> spool().isWriting());
    CompletableFuture<?> ended = held.releaseAsync().toCompletableFuture();
    disk.countDown();
    ended.join();
    grown.join();
    assertThat(held.grow(REQUEST.maxOutputTokens(800))).isAdmitted();

    // all of it is there again
    assertThat(
            accounting
                .quotas()
                .reserve(CallRequest.to("m").inputTokens(500).maxOutputTokens(500))
                .decision())
        .isAdmitted();
  }

  @Test
  @DisplayName("faults H4: a growth that finishes after its call was let in blindly takes nothing")
  final void ofACallThatWasLetInBlindly() {
    LlmAccounting accounting = open();
    breakDown(accounting);

    endsWhileItGrows(accounting, accounting.quotas().reserve(REQUEST).hold().orElseThrow());
  }

  @Test
  @DisplayName("faults H4: nor does one whose call the ledger holds")
  final void ofACallThatTheLedgerHolds() {
    LlmAccounting accounting = open();
    HeldCall held = accounting.quotas().reserve(REQUEST).hold().orElseThrow();
    breakDown(accounting);

    endsWhileItGrows(accounting, held);
  }

  @Test
  @DisplayName("faults H4: two growths at once take what the larger needs, not one after the other")
  final void twoAtOnceTakeWhatTheLargerNeeds() {
    LlmAccounting accounting = open();
    breakDown(accounting);
    HeldCall held = accounting.quotas().reserve(REQUEST).hold().orElseThrow();
    CountDownLatch disk = new CountDownLatch(1);
    spool().appendAfter(disk);

    CompletableFuture<?> first = held.growAsync(REQUEST.maxOutputTokens(300)).toCompletableFuture();
    CompletableFuture<?> second =
        held.growAsync(REQUEST.maxOutputTokens(400)).toCompletableFuture();
    disk.countDown();
    CompletableFuture.allOf(first, second).join();

    // 500 of 1,000 are taken
    assertThat(
            accounting
                .quotas()
                .reserve(CallRequest.to("m").inputTokens(300).maxOutputTokens(200))
                .decision())
        .isAdmitted();
  }
}
