package io.llmaccounting.acceptance;

import static io.llmaccounting.testing.Eventually.eventually;
import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.TokenUsage;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A store that comes and goes while many threads record and ask: what was acknowledged is booked
 * exactly once, and limits let through what they say. After each test everything is verified.
 */
public class RandomOutagesAcceptance extends OutageTest {
  private static final int THREADS = 6;
  private static final int STEPS = 40;
  private static final int OPEN = 5;
  private static final Buffering QUICK =
      Buffering.DEFAULTS.mostRecords(200).flushAt(20, Duration.ofMillis(2));

  private final Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<UUID> unsure = ConcurrentHashMap.newKeySet();
  private final Set<String> wrong = ConcurrentHashMap.newKeySet();

  @Test
  final void durableWithASpool() throws Exception {
    comesAndGoes(11, settings -> settings.spool(spool()));
  }

  @Test
  final void bufferedWithASpool() throws Exception {
    comesAndGoes(12, settings -> settings.spool(spool()).buffered(QUICK));
  }

  @Test
  final void alwaysSpooled() throws Exception {
    comesAndGoes(13, settings -> settings.spoolAlways(spool()));
  }

  @Test
  final void durableWithoutASpool() throws Exception {
    comesAndGoes(14, settings -> settings);
  }

  @Test
  final void bufferedWithoutASpool() throws Exception {
    comesAndGoes(15, settings -> settings.buffered(QUICK));
  }

  private void comesAndGoes(long seed, UnaryOperator<LlmAccountingBuilder> settings)
      throws Exception {
    save(Limit.named("closed").user("strict").requests(100_000).lifetime());
    save(
        Limit.named("open")
            .user("loose")
            .requests(100_000)
            .lifetime()
            .onOutage(OutagePolicy.failOpen(OPEN)));
    save(Limit.named("all").totalTokens(1L << 40).lifetime().warning());
    try (LlmAccounting accounting = fragile(settings)) {
      accounting.quotas().check(CallRequest.to("m"));
      AtomicBoolean over = new AtomicBoolean();
      Crowd.run(
          THREADS + 1,
          number -> {
            if (number == THREADS) {
              breakNowAndThen(new Random(seed), over);
            } else {
              try {
                work(accounting, new Random(seed * 31 + number));
              } finally {
                over.compareAndSet(false, number == 0);
              }
            }
          });
      recover(accounting);
      accounting.flush();
      eventually("the spool is empty", () -> accounting.health().spool().records() == 0);
      assertThat(accounting.health().counts().lost()).isZero();
    }
    assertThat(wrong).as("seed %d", seed).isEmpty();
    Set<UUID> stored = Set.copyOf(storedIds());
    assertThat(stored).as("seed %d", seed).containsAll(acknowledged);
    assertThat(stored).allMatch(id -> acknowledged.contains(id) || unsure.contains(id));
    assertThat(used("all", aCall())).isEqualTo(2L * stored.size());
    restartSpool();
    assertThat(spool().deadLetters().list(0, 10)).isEmpty();
  }

  private void breakNowAndThen(Random random, AtomicBoolean over) {
    while (!over.get()) {
      switch (random.nextInt(8)) {
        case 0 -> store().breakDown();
        case 1 -> store().loseNextAnswer();
        case 2, 3, 4 -> store().recover();
        default -> {}
      }
      long open = spool().openAmounts().sums().values().stream().mapToLong(one -> one).sum();
      if (open > OPEN) {
        wrong.add("open limit let through " + open);
      }
      LockSupport.parkNanos(random.nextInt(40_000_000));
    }
    store().recover();
  }

  private void work(LlmAccounting accounting, Random random) {
    for (int i = 0; i < STEPS; i++) {
      switch (random.nextInt(3)) {
        case 0 -> track(accounting, accounting.newId(), random.nextBoolean());
        case 1 -> call(accounting, "strict");
        default -> call(accounting, "loose");
      }
    }
  }

  private void track(LlmAccounting accounting, UUID id, boolean twice) {
    try {
      acknowledge(accounting.track(aCall().tokens(1, 1).id(id).usage()));
      if (twice) {
        acknowledge(accounting.track(aCall().tokens(1, 1).id(id).usage()));
      }
    } catch (BackendException e) {
      unsure.add(id);
    }
  }

  private void call(LlmAccounting accounting, String user) {
    LlmCall call;
    try {
      call = accounting.begin(CallRequest.to("m").user(user));
    } catch (QuotaExceededException | BackendException refused) {
      return;
    }
    if (user.equals("strict") && call.admission().limits().isEmpty()) {
      wrong.add("a limit that fails closed admitted a call in an outage");
    }
    try {
      acknowledge(call.succeeded(TokenUsage.of(1, 1)));
    } catch (BackendException e) {
      unsure.add(call.id());
    }
  }

  private void acknowledge(Receipt receipt) {
    acknowledged.add(receipt.id());
  }

  @Test
  final void inOneOutageManyThreadsAreLetThroughExactlyAsStated() throws Exception {
    save(Limit.named("closed").user("strict").requests(100_000).lifetime());
    save(
        Limit.named("open")
            .user("loose")
            .requests(100_000)
            .lifetime()
            .onOutage(OutagePolicy.failOpen(25)));
    AtomicInteger loose = new AtomicInteger();
    AtomicInteger strict = new AtomicInteger();
    try (LlmAccounting accounting = fragile(settings -> settings.spool(spool()))) {
      accounting.quotas().check(CallRequest.to("m"));
      breakDown(accounting);

      Crowd.run(
          8,
          number -> {
            for (int i = 0; i < 20; i++) {
              attempt(accounting, "loose", loose);
              attempt(accounting, "strict", strict);
            }
          });

      recover(accounting);
    }
    assertThat(loose).hasValue(25);
    assertThat(strict).hasValue(0);
    assertThat(used("open", aCall().by("loose"))).isEqualTo(25);
    assertThat(storedIds()).hasSize(25);
  }

  private static void attempt(LlmAccounting accounting, String user, AtomicInteger admitted) {
    try {
      accounting.begin(CallRequest.to("m").user(user)).succeeded(TokenUsage.of(1, 1));
      admitted.incrementAndGet();
    } catch (QuotaExceededException refused) {
      // as the limit says
    }
  }
}
