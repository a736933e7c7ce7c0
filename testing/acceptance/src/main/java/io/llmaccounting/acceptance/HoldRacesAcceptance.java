package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.UsageFilter;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several threads of several accountings do different things to the same hold at once. */
public class HoldRacesAcceptance extends AcceptanceTest {
  private static final int HOLDS = 30;

  @Test
  final void aHoldThatEverybodyWorksOnEndsOnceAndLeavesNothing() throws Exception {
    save(Limit.named("tokens").eachUser().totalTokens(1_000_000).rolling(ofHours(1)));
    save(Limit.named("calls").requests(1_000_000).lifetime());
    List<LlmAccounting> instances = List.of(accounting(), another());
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    long seed = 20_261_121;
    for (int round = 0; round < HOLDS; round++) {
      UUID id = hold(aCall().by("u").tokens(100, 100)).id();
      int number = round;

      Crowd.run(
          4,
          thread -> {
            HeldCall held = instances.get(thread % 2).quotas().hold(id);
            Random random = new Random(seed + number * 4L + thread);
            for (int step = 0; step < 4; step++) {
              work(held, random.nextInt(thread == 0 ? 4 : 3), receipts);
            }
          });
      accounting().quotas().hold(id).release();
    }

    long recorded =
        receipts.stream().filter(one -> one.status() == Receipt.Status.RECORDED).count();
    assertThat(accounting().tail(UsageFilter.all(), 1_000)).hasSize((int) recorded);
    assertThat(recorded).isPositive();
    assertThat(used("tokens", aCall().by("u"))).isEqualTo(30 * recorded);
    assertThat(used("calls", aCall())).isEqualTo(recorded);
    assertThat(held("tokens", aCall().by("u"))).isZero();
    assertThat(held("calls", aCall())).isZero();
    assertThat(accounting().admin().openHolds()).isEmpty();
  }

  private void work(HeldCall held, int what, Queue<Receipt> receipts) {
    try {
      switch (what) {
        case 0 -> held.renew();
        case 1 -> held.grow(aCall().by("u").tokens(200, 300).request());
        case 2 -> receipts.add(settle(held, aCall().by("u").tokens(20, 10)));
        default -> held.release();
      }
    } catch (IllegalStateException e) {
      // whoever came too late is told so, and nothing else happens
      assertThat(e).hasMessageContaining(held.id().toString());
    }
  }

  /** The threads of a pool are interrupted at any time; what they wait for happens all the same. */
  @Test
  final void interruptedThreadsRecordAndHold() throws Exception {
    save(Limit.named("calls").requests(1_000_000).lifetime());
    AtomicInteger stillInterrupted = new AtomicInteger();

    Crowd.run(
        4,
        number -> {
          for (int i = 0; i < 10; i++) {
            Thread.currentThread().interrupt();
            HeldCall held = hold(aCall().tokens(1, 1));
            held.renew();
            settle(held, aCall().tokens(1, 1));
            track(aCall());
            stillInterrupted.addAndGet(Thread.interrupted() ? 1 : 0);
          }
        });

    assertThat(stillInterrupted).hasValue(40);
    assertThat(used("calls", aCall())).isEqualTo(80);
    assertThat(held("calls", aCall())).isZero();
  }
}
