package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.limit.Reservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** faults G3: a slow disk is no reason to refuse what does not wait for it. */
@Tag("engine")
@Timeout(60)
public class SpoolBurstAcceptance extends OutageTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final CountDownLatch disk = new CountDownLatch(1);

  // the disk is not taken for one that hangs: it has a quarter of the timeout
  private LlmAccounting patient() {
    LlmAccounting accounting =
        fragile(builder -> builder.spool(spool()).timeout(Duration.ofSeconds(200)));
    accounting.quotas().check(CallRequest.to("m").inputTokens(1).maxOutputTokens(1));
    breakDown(accounting);
    spool().appendAfter(disk);
    return accounting;
  }

  @Test
  @DisplayName("faults G3: records that come faster than the disk writes are all spooled")
  final void recordsThatComeFasterThanTheDiskWritesAreAllSpooled() {
    try (LlmAccounting accounting = patient()) {
      List<CompletableFuture<Receipt>> all = new ArrayList<>();
      for (int i = 0; i < 15_000; i++) {
        all.add(accounting.trackAsync(aCall().usage()).toCompletableFuture());
      }
      disk.countDown();

      assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
          .succeedsWithin(LONG);

      assertThat(accounting.health().spool().records()).isEqualTo(15_000);
      assertThat(accounting.health().counts().rejected()).isZero();
    }
  }

  @Test
  @DisplayName("faults G3: a decision that takes nothing of open limits waits for no disk")
  final void aDecisionThatTakesNothingWaitsForNoDisk() {
    save(
        Limit.named("open")
            .model("open")
            .requests(1_000)
            .lifetime()
            .onOutage(OutagePolicy.failOpen(1_000)));
    save(Limit.named("closed").model("closed").requests(1_000).lifetime());
    try (LlmAccounting accounting = patient()) {
      List<CompletableFuture<Reservation>> open = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        open.add(accounting.quotas().reserveAsync(CallRequest.to("open")).toCompletableFuture());
      }
      eventually("the disk is slow", () -> spool().isWriting());

      CompletableFuture<Reservation> closed =
          accounting.quotas().reserveAsync(CallRequest.to("closed")).toCompletableFuture();

      assertThat(closed).succeedsWithin(LONG);
      assertThat(closed.join().decision()).isDenied();
      disk.countDown();
      assertThat(open).allSatisfy(one -> assertThat(one).succeedsWithin(LONG));
    }
  }
}
