package io.llmaccounting.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL is stopped under traffic; meanwhile a process is killed and started again. */
class OutageIT {
  private static final Logger LOG = LoggerFactory.getLogger(OutageIT.class);
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("llm.accounting.test.outageSeconds", 10));
  private static final int CALLS_PER_SECOND = 100;
  private static final int OPEN_AMOUNT = 25;
  private static final long HEAP_BYTES = 100L << 20;

  @TempDir Path folder;

  @Test
  void callsGoOnAndEachIsBookedOnceWhenTheServerIsBack() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.durable()) {
      ProofStore store = new ProofStore(server.url(), "outage", folder, ProofStore.Mode.IN_OUTAGES);
      save(store);
      try (Traffic steady = Traffic.start(store, CALLS_PER_SECOND);
          Traffic killed = Traffic.start(store, CALLS_PER_SECOND)) {
        steady.awaitMore(50);
        killed.awaitMore(50);

        server.stop(EmbeddedServer.Stop.FAST);
        long from = InstantSource.system().millis();
        liveThrough(OUTAGE.dividedBy(2), steady, killed);
        killed.kill();
        try (Traffic restarted = Traffic.start(store, CALLS_PER_SECOND)) {
          liveThrough(OUTAGE.dividedBy(2), steady, restarted);
          long to = InstantSource.system().millis();
          server.start();

          restarted.awaitMore(50);
          steady.awaitMore(50);
          List<Traffic.Summary> ends = List.of(steady.stop(), restarted.stop());
          prove(store, List.of(steady, killed, restarted), ends, from, to);
        }
      }
    }
  }

  private static void save(ProofStore store) {
    try (LlmAccounting accounting = store.accounting().build()) {
      Limit open = Limit.named("open").user("open").requests(1_000_000).lifetime();
      accounting.limits().save(open.onOutage(OutagePolicy.failOpen(OPEN_AMOUNT)));
      accounting.limits().save(Limit.named("closed").user("closed").requests(1_000_000).lifetime());
    }
  }

  private static void liveThrough(Duration time, Traffic... traffic) {
    long end = System.nanoTime() + time.toNanos();
    for (Traffic one : traffic) {
      one.awaitMore(10);
    }
    Traffic.await("the outage to last", () -> System.nanoTime() - end >= 0);
  }

  private static void prove(
      ProofStore store, List<Traffic> all, List<Traffic.Summary> ends, long from, long to) {
    Set<UUID> acknowledged = new HashSet<>();
    List<Traffic.Admission> during = new ArrayList<>();
    for (Traffic one : all) {
      acknowledged.addAll(one.acknowledged());
      one.admissions().stream().filter(a -> a.from() > from && a.to() < to).forEach(during::add);
    }

    int booked = Books.assertComplete(store, acknowledged);

    long open = during.stream().filter(a -> a.user().equals("open")).count();
    long closed = during.stream().filter(a -> a.user().equals("closed")).count();
    long longestWait = ends.stream().mapToLong(Traffic.Summary::longestWaitMillis).max().orElse(0);
    long heap =
        all.get(0).samples().stream().mapToLong(Traffic.Sample::heapBytes).max().orElseThrow();
    LOG.info(
        "outage of {} ms: {} calls acknowledged, {} booked, {} spooled; open limits let {} of {}"
            + " each through, closed ones {}; longest wait {} ms, largest heap {} KiB",
        to - from,
        acknowledged.size(),
        booked,
        ends.stream().mapToLong(Traffic.Summary::spooled).sum(),
        open,
        OPEN_AMOUNT,
        closed,
        longestWait,
        heap >> 10);
    assertThat(closed).as("let through by limits that fail closed").isZero();
    assertThat(open)
        .as("let through by two processes")
        .isPositive()
        .isLessThanOrEqualTo(2 * OPEN_AMOUNT);
    assertThat(ends).allSatisfy(end -> assertThat(end.failed()).isZero());
    assertThat(longestWait).isLessThan(TrafficMain.TIMEOUT.multipliedBy(2).toMillis());
    assertThat(heap).isLessThan(HEAP_BYTES);
  }
}
