package io.llmaccounting.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mixed traffic for a long time, with random kills and outages. Run by the profile soak. */
@EnabledIfSystemProperty(named = "llm.accounting.test.soakMinutes", matches = "[0-9]+")
class SoakIT {
  private static final Logger LOG = LoggerFactory.getLogger(SoakIT.class);
  private static final Duration TIME =
      Duration.ofMinutes(Integer.getInteger("llm.accounting.test.soakMinutes", 30));
  private static final long SEED = Long.getLong("llm.accounting.test.soakSeed", 1);
  private static final int CALLS_PER_SECOND = 100;
  // what a collection may leave more of at the end than at the beginning
  private static final long HEAP_SLACK = 8L << 20;
  private static final long FILE_SLACK = 8;

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final Set<UUID> acknowledged = new HashSet<>();
  private int kills;
  private int outages;

  @Test
  void onSqlite() throws Exception {
    String file = folder.resolve("usage.db").toString();
    soak(new ProofStore(file, "", folder.resolve("spool"), ProofStore.Mode.IN_OUTAGES), null);
  }

  @Test
  void onPostgres() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.durable()) {
      soak(
          new ProofStore(server.url(), "soak", folder.resolve("spool"), ProofStore.Mode.IN_OUTAGES),
          server);
    }
  }

  private void soak(ProofStore store, EmbeddedServer server) throws Exception {
    try (LlmAccounting accounting = store.accounting().build()) {
      Limit open = Limit.named("open").user("open").requests(100_000_000).lifetime();
      accounting.limits().save(open.onOutage(OutagePolicy.failOpen(20)));
      accounting
          .limits()
          .save(Limit.named("each").eachUser().requests(1_000).rolling(Duration.ofMinutes(1)));
    }
    Outages away = new Outages(store, server, random);
    long end = System.nanoTime() + TIME.toNanos();
    Traffic mortal = Traffic.start(store, CALLS_PER_SECOND);
    try (Traffic steady = Traffic.start(store, CALLS_PER_SECOND)) {
      while (System.nanoTime() < end) {
        Outages.pass(Duration.ofMillis(2_000 + random.nextInt(6_000)));
        int next = random.nextInt(3);
        if (next < 2) {
          mortal = restarted(mortal, store);
        }
        if (next > 0) {
          away.one(Duration.ofMillis(500 + random.nextInt(8_000)));
          outages++;
        }
      }
      acknowledged.addAll(mortal.acknowledged());
      Traffic.await("the last start", mortal::isReady);
      mortal.stop();
      acknowledged.addAll(mortal.acknowledged());
      Traffic.Summary summary = steady.stop();
      acknowledged.addAll(steady.acknowledged());
      report(store, steady.samples(), summary);
    } finally {
      mortal.close();
    }
  }

  private Traffic restarted(Traffic mortal, ProofStore store) throws Exception {
    mortal.kill();
    acknowledged.addAll(mortal.acknowledged());
    kills++;
    return Traffic.start(store, CALLS_PER_SECOND);
  }

  private void report(ProofStore store, List<Traffic.Sample> samples, Traffic.Summary summary) {
    int booked = Books.assertComplete(store, acknowledged);
    int quarter = samples.size() / 4;
    List<Traffic.Sample> early = samples.subList(quarter, 2 * quarter);
    List<Traffic.Sample> late = samples.subList(3 * quarter, samples.size());
    long earlyHeap = median(early, Traffic.Sample::heapBytes);
    long lateHeap = median(late, Traffic.Sample::heapBytes);
    long earlyFiles = median(early, Traffic.Sample::files);
    long lateFiles = median(late, Traffic.Sample::files);
    LOG.info(
        "{}: {} min, {} kills, {} outages; {} calls acknowledged, {} booked, verify clean; {}; heap"
            + " {} then {} KiB, files {} then {} (medians of the second and the last quarter)",
        store.isServer() ? "PostgreSQL" : "SQLite",
        TIME.toMinutes(),
        kills,
        outages,
        acknowledged.size(),
        booked,
        summary,
        earlyHeap >> 10,
        lateHeap >> 10,
        earlyFiles,
        lateFiles);
    assertThat(lateHeap).isLessThan(earlyHeap + HEAP_SLACK);
    assertThat(lateFiles).isLessThan(earlyFiles + FILE_SLACK);
  }

  private static long median(List<Traffic.Sample> samples, ToLongFunction<Traffic.Sample> what) {
    return samples.stream().mapToLong(what).sorted().skip(samples.size() / 2).findFirst().orElse(0);
  }
}
