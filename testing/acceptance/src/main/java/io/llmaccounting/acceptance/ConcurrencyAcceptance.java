package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

/** Many threads, and several accountings on one storage. */
public class ConcurrencyAcceptance extends AcceptanceTest {
  /** Scenario 33. */
  @Test
  final void threadsAreAdmittedExactlyAsOftenAsTheLimitSays() throws Exception {
    save(Limit.named("day").requests(100).calendar(1, CalendarUnit.DAY, UTC));
    AtomicInteger admitted = new AtomicInteger();

    Crowd.run(8, number -> attempt(accounting(), 50, "0.01", admitted));

    assertThat(admitted).hasValue(100);
    assertThat(used("day", aCall())).isEqualTo(100);
    assertThat(accounting().tail(UsageFilter.all(), 1_000)).hasSize(100);
  }

  /** Scenario 33. */
  @Test
  final void instancesAreAdmittedExactlyAsOftenAsTheLimitSays() throws Exception {
    save(Limit.named("day").requests(100).calendar(1, CalendarUnit.DAY, UTC));
    List<LlmAccounting> instances = List.of(accounting(), another(), another(), another());
    AtomicInteger admitted = new AtomicInteger();

    Crowd.run(4, number -> attempt(instances.get(number), 200, "0.01", admitted));

    assertThat(admitted).hasValue(100);
    assertThat(used("day", aCall())).isEqualTo(100);
  }

  /** The scarcer of two limits decides, exactly. */
  @Test
  final void theScarcerOfTwoLimitsDecides() throws Exception {
    save(Limit.named("day").requests(100).calendar(1, CalendarUnit.DAY, UTC));
    save(Limit.named("cost").cost(Cost.usd("5.00")).calendar(1, CalendarUnit.DAY, UTC));
    AtomicInteger dear = new AtomicInteger();
    AtomicInteger free = new AtomicInteger();

    Crowd.run(8, number -> attempt(accounting(), 200, "0.10", dear));
    Crowd.run(8, number -> attempt(accounting(), 200, "0", free));

    assertThat(dear).hasValue(50);
    assertThat(free).hasValue(50);
    assertThat(status("cost", aCall()).remaining().units()).isZero();
    assertThat(status("day", aCall()).remaining().units()).isZero();
  }

  private static void attempt(
      LlmAccounting accounting, int attempts, String dollars, AtomicInteger admitted) {
    for (int i = 0; i < attempts; i++) {
      CallFixture call = aCall().costing(dollars);
      Optional<HeldCall> held = accounting.quotas().reserve(call.request()).hold();
      if (held.isPresent()) {
        admitted.incrementAndGet();
        held.get().settle(call.id(held.get().id()).usage());
      }
    }
  }

  /** Scenario 34. */
  @Test
  final void everyRecordOfManyThreadsIsStoredAndEveryReceiptIsTrue() throws Exception {
    Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();

    Crowd.run(
        4,
        number -> {
          for (int i = 0; i < 50; i++) {
            receipts.add(accounting().track().model("m").user("u" + number).record());
          }
        });

    assertThat(receipts)
        .hasSize(200)
        .allMatch(receipt -> receipt.status() == Receipt.Status.RECORDED);
    assertThat(accounting().tail(UsageFilter.all(), 1_000))
        .extracting(recorded -> recorded.usage().id())
        .containsExactlyInAnyOrderElementsOf(receipts.stream().map(Receipt::id).toList());
    assertThat(accounting().report(TimeRange.always()).run()).hasCalls(200);
  }

  /** The same call from many threads and instances is stored once. */
  @Test
  final void theSameCallFromEverywhereCountsOnce() throws Exception {
    save(Limit.named("day").requests(1_000).calendar(1, CalendarUnit.DAY, UTC));
    List<LlmAccounting> instances = List.of(accounting(), another());
    AtomicInteger recorded = new AtomicInteger();

    Crowd.run(
        8,
        number -> {
          for (int i = 0; i < 50; i++) {
            Receipt receipt =
                instances.get(number % 2).track().model("m").key("call " + i).record();
            if (receipt.status() == Receipt.Status.RECORDED) {
              recorded.incrementAndGet();
            }
          }
        });

    assertThat(recorded).hasValue(50);
    assertThat(used("day", aCall())).isEqualTo(50);
    assertThat(accounting().tail(UsageFilter.all(), 1_000)).hasSize(50);
  }

  /** Callers that touch the same limits in any order neither deadlock nor lose anything. */
  @Test
  final void callsThatTouchFourOfEightLimitsInRandomOrderAddUpExactly() throws Exception {
    for (int i = 0; i < 8; i++) {
      save(Limit.named("limit " + i).tag("t" + i, "on").requests(1_000_000).lifetime());
    }
    AtomicLongArray touched = new AtomicLongArray(8);
    LlmAccounting accounting = accounting();

    Crowd.run(
        16,
        number -> {
          Random random = new Random(number);
          for (int i = 0; i < 300; i++) {
            CallFixture call = aCall();
            fourOfEight(random)
                .forEach(
                    limit -> {
                      call.tag("t" + limit, "on");
                      touched.incrementAndGet(limit);
                    });
            HeldCall held = accounting.quotas().reserve(call.request()).hold().orElseThrow();
            assertThat(held.settle(call.id(held.id()).usage())).isRecorded();
          }
        });

    for (int i = 0; i < 8; i++) {
      LimitStatus status = status("limit " + i, aCall().tag("t" + i, "on"));
      assertThat(status.used()).as("limit %d", i).isEqualTo(touched.get(i));
      assertThat(status.held()).isZero();
    }
    assertThat(accounting.report(TimeRange.always()).run()).hasCalls(4_800);
    assertThat(backend().ledger().holds()).isEmpty();
  }

  private static List<Integer> fourOfEight(Random random) {
    List<Integer> all = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
    Collections.shuffle(all, random);
    return all.subList(0, 4);
  }

  /** Limits that change while calls go on refuse nobody by mistake and lose nothing. */
  @Test
  final void limitsChangeWhileCallsGoOn() throws Exception {
    Limit limit = Limit.named("day").requests(1_000_000).calendar(1, CalendarUnit.DAY, UTC);
    save(limit);
    LlmAccounting other = another();
    Queue<UUID> ids = new ConcurrentLinkedQueue<>();

    Crowd.run(
        5,
        number -> {
          for (int i = 0; i < 60; i++) {
            if (number == 0) {
              other.limits().save(i % 2 == 0 ? limit.withMaximum(900_000 + i) : limit);
              other
                  .limits()
                  .save(Limit.named("new " + i % 7).eachUser().requests(9_999).lifetime());
            } else {
              CallFixture call = aCall().by("u" + number);
              HeldCall held = accounting().quotas().reserve(call.request()).hold().orElseThrow();
              ids.add(held.settle(call.id(held.id()).usage()).id());
            }
          }
        });

    assertThat(ids).hasSize(240).doesNotHaveDuplicates();
    assertThat(used("day", aCall())).isEqualTo(240);
    assertThat(used("new 3", aCall().by("u1"))).isEqualTo(60);
  }
}
