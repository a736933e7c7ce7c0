package io.llmaccounting.postgres;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever writes takes its locks in one order, so that nobody waits for somebody who waits. */
class LockOrderIT {
  private static final int INSTANCES = 5;
  private static final int ROUNDS = Integer.getInteger("llm.accounting.test.lockRounds", 3);
  private static final Instant NOW = ManualClock.START;
  private static final byte[] KEY = new byte[32];
  private static final List<List<String>> NONE = List.of(List.of("0"));

  private final TestSchema schema = TestSchema.create(PostgresServer.shared());
  private final List<LlmAccounting> instances = new ArrayList<>();

  /** faults B5: those who track, correct, price again, purge, erase, rebuild and save limits. */
  @Test
  @Timeout(600)
  void nobodyDeadlocksWhoeverWritesAtOnce() throws Exception {
    long before = deadlocks();
    for (int i = 0; i < INSTANCES; i++) {
      UsageBackend backend = schema.open(ManualClock.create());
      instances.add(LlmAccounting.builder(backend).clock(ManualClock.create()).build());
    }
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      // no counter that all of them lock, which would let only one of them in
      List<Callable<Object>> work = new ArrayList<>();
      for (int i = 0; i < INSTANCES - 1; i++) {
        Random random = new Random(i);
        LlmAccounting mine = instances.get(i);
        work.add(rounds(() -> trackMany(mine, random)));
        work.add(rounds(() -> priceAgain(mine, random)));
      }
      LlmAccounting last = instances.get(INSTANCES - 1);
      work.add(
          rounds(
              () ->
                  last.admin().purge(NOW.minus(Duration.ofDays(1))).keysToo().rollupsToo().run()));
      work.add(rounds(() -> last.admin().erase("alice").withKey(KEY).inBatchesOf(3).run()));
      work.add(rounds(last.admin()::rebuild));
      work.add(rounds(() -> last.limits().save(anyLimit())));
      for (Future<Object> done : threads.invokeAll(work)) {
        done.get();
      }
      assertThat(last.admin().verify().differences()).isEmpty();
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
      instances.forEach(LlmAccounting::close);
    }

    assertThat(deadlocks()).isEqualTo(before);
    schema.close();
  }

  private static Callable<Object> rounds(Runnable work) {
    return () -> {
      for (int i = 0; i < ROUNDS; i++) {
        work.run();
      }
      return true;
    };
  }

  private static Limit anyLimit() {
    return Limit.named("rare").user("carol").outputTokens(10).lifetime();
  }

  // new calls and better figures of known ones, each in a bucket and of a model of its own
  private static void trackMany(LlmAccounting accounting, Random random) {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boolean old = random.nextInt(4) == 0;
      calls.add(
          aCall()
              .by(List.of("alice", "bob").get(random.nextInt(2)))
              .on("m" + random.nextInt(6))
              .at(NOW.minusSeconds(old ? 90_000 + i : random.nextInt(3_000)))
              .usage());
    }
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      keys.add(i);
    }
    Collections.shuffle(keys, random);
    for (int key : keys.subList(0, 8)) {
      calls.add(
          aCall()
              .on("m" + key % 6)
              .at(NOW.minusSeconds(key * 400L))
              .key("key " + key)
              .tokens(TokenUsage.of(1, random.nextInt(100_000)))
              .source(TokenSource.PARTIAL)
              .usage());
    }
    Collections.shuffle(calls, random);
    accounting.trackAll(calls.iterator(), OldUsage.COUNT);
  }

  private static void priceAgain(LlmAccounting accounting, Random random) {
    Cost cost = Cost.ofNanos(random.nextInt(1_000));
    accounting
        .admin()
        .reprice(new TimeRange(NOW.minus(Duration.ofHours(3)), NOW.plusSeconds(1)))
        .by(call -> Optional.of(new PricedCost(cost, "again")))
        .pricedOnesToo()
        .apply();
  }

  private long deadlocks() {
    // the server ends a session, and counts what became of it, a little after it is closed
    String sessions =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'llm-accounting'";
    for (int tries = 0; tries < 200 && !schema.rows(sessions).equals(NONE); tries++) {
      LockSupport.parkNanos(50_000_000);
    }
    return Long.parseLong(
        schema
            .rows("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            .get(0)
            .get(0));
  }
}
