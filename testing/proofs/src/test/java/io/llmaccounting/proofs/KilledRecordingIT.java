package io.llmaccounting.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Known calls are recorded in eight threads, the process is killed at a random moment, and all are
 * sent again: each is there once, and none that was acknowledged was missing meanwhile.
 */
class KilledRecordingIT {
  private static final Logger LOG = LoggerFactory.getLogger(KilledRecordingIT.class);
  private static final int RUNS = Integer.getInteger("llm.accounting.test.kills", 2);
  private static final int CALLS = Integer.getInteger("llm.accounting.test.killedCalls", 2_000);

  private static EmbeddedServer server;

  @TempDir Path folder;

  @BeforeAll
  static void startServer() throws Exception {
    server = EmbeddedServer.durable();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void onSqlite() throws Exception {
    prove(ProofStore.Mode.NEVER, "sqlite");
  }

  @Test
  void onSqliteWithTheSpoolAlwaysOn() throws Exception {
    prove(ProofStore.Mode.ALWAYS, "sqlite_spool");
  }

  @Test
  void onPostgres() throws Exception {
    prove(ProofStore.Mode.NEVER, "postgres");
  }

  @Test
  void onPostgresWithTheSpoolAlwaysOn() throws Exception {
    prove(ProofStore.Mode.ALWAYS, "postgres_spool");
  }

  private void prove(ProofStore.Mode mode, String name) throws Exception {
    boolean onServer = name.startsWith("postgres");
    for (int run = 0; run < RUNS; run++) {
      String address = onServer ? server.url() : folder.resolve(name + run + ".db").toString();
      prove(
          new ProofStore(address, name + run, folder.resolve(name + run), mode),
          new KnownCalls(run + 1, CALLS));
    }
  }

  private static void prove(ProofStore store, KnownCalls calls) throws Exception {
    try (LlmAccounting accounting = store.accounting().build()) {
      accounting.limits().save(Limit.named("calls").eachUser().requests(1_000_000).lifetime());
      accounting.limits().save(Limit.named("cost").eachProject().cost(Cost.usd("9")).lifetime());
    }
    Set<Integer> acknowledged = acknowledgedBeforeKill(store, calls);

    try (LlmAccounting accounting = store.accounting().build()) {
      Drained.wait(accounting);
    }
    Set<UUID> stored = Books.ids(store);
    assertThat(stored).containsAll(acknowledged.stream().map(calls::id).toList());
    int before = stored.size();

    int fresh;
    try (LlmAccounting accounting = store.accounting().build()) {
      fresh = sendAll(accounting, calls);
      Drained.wait(accounting);
      assertEachIsThereOnce(accounting, store, calls);
    }
    LOG.info(
        "{}, {}: {} of {} calls acknowledged before the kill, {} there after it, {} sent as new",
        store.isServer() ? "PostgreSQL" : "SQLite",
        store.mode() == ProofStore.Mode.ALWAYS ? "spool always on" : "durable",
        acknowledged.size(),
        calls.count(),
        before,
        fresh);
  }

  private static Set<Integer> acknowledgedBeforeKill(ProofStore store, KnownCalls calls)
      throws Exception {
    int killAfter = new Random(calls.seed()).nextInt(calls.count());
    Set<Integer> acknowledged = new HashSet<>();
    try (ChildProcess child =
        ChildProcess.of(RecordingMain.class, store.arguments(calls.seed(), calls.count()))) {
      while (acknowledged.size() <= killAfter) {
        String line = child.line();
        assertThat(line).as("the child ended by itself").isNotNull();
        acknowledged.add(Integer.valueOf(line));
      }
      child.kill();
    }
    return acknowledged;
  }

  private static int sendAll(LlmAccounting accounting, KnownCalls calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(RecordingMain.THREADS);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < RecordingMain.THREADS; i++) {
        int first = i;
        work.add(() -> sendAll(accounting, calls, first));
      }
      int fresh = 0;
      for (Future<Integer> part : threads.invokeAll(work)) {
        fresh += part.get();
      }
      return fresh;
    } finally {
      threads.shutdownNow();
    }
  }

  private static int sendAll(LlmAccounting accounting, KnownCalls calls, int first) {
    int fresh = 0;
    for (int index = first; index < calls.count(); index += RecordingMain.THREADS) {
      Receipt receipt = accounting.track(calls.call(index));
      fresh += receipt.status() == Receipt.Status.DUPLICATE ? 0 : 1;
    }
    return fresh;
  }

  private static void assertEachIsThereOnce(
      LlmAccounting accounting, ProofStore store, KnownCalls calls) {
    assertThat(Books.ids(store))
        .isEqualTo(new HashSet<>(IntStream.range(0, calls.count()).mapToObj(calls::id).toList()));
    UsageReport report =
        accounting.report(TimeRange.always()).by(Dimension.PROJECT, Dimension.USER).run();
    assertThat(report.total().calls()).isEqualTo(calls.count());
    assertThat(report.total().cost().nanos()).isEqualTo(calls.nanos());
    long requests = 0;
    for (int user = 0; user < 7; user++) {
      requests += used(accounting, "calls", "user-" + user, "none");
    }
    long nanos = 0;
    for (int project = 0; project < 3; project++) {
      nanos += used(accounting, "cost", "nobody", "project-" + project);
    }
    assertThat(requests).isEqualTo(calls.count());
    assertThat(nanos).isEqualTo(calls.nanos());
    assertThat(accounting.admin().verify().differences()).isEmpty();
  }

  private static long used(LlmAccounting accounting, String limit, String user, String project) {
    return accounting
        .quotas()
        .status(CallRequest.to("gpt-5-mini").user(user).project(project))
        .stream()
        .filter(status -> status.limit().name().equals(limit))
        .mapToLong(LimitStatus::used)
        .sum();
  }
}
