package io.llmaccounting.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.admin.Verification;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.client.LlmAccountingClient;
import io.llmaccounting.client.LlmAccountingClientBuilder;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageId;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers and clients that are killed as {@code kill -9} does: every call is booked once. */
class ClientKillsIT {
  private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-Xmx192m");
  private static final int RECORDS = 10_000;
  private static final int CALLS = 1_000;
  private static final int THREADS = 8;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private int port;
  private String key;

  @BeforeEach
  void prepare() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    key =
        ServerJar.run(folder, "-q", "keys", "create", "a service", "--role", "ingest")
            .out()
            .strip();
    try (LlmAccounting direct = opened()) {
      direct
          .limits()
          .save(
              Limit.named("ever")
                  .totalTokens(1_000_000_000)
                  .calendar(1, CalendarUnit.YEAR, ZoneOffset.UTC));
    }
  }

  private LlmAccounting opened() {
    return LlmAccounting.builder(SqliteBackend.open(folder.resolve("llm-accounting.db")))
        .withoutShutdownHook()
        .build();
  }

  private ServerJar server() throws IOException {
    ServerJar started = ServerJar.start(folder, JVM, "run", "--port", Integer.toString(port));
    started.port();
    return started;
  }

  static LlmAccountingClientBuilder builder(int port, String key, Path spool) {
    return LlmAccountingClient.builder(URI.create("http://127.0.0.1:" + port), key)
        .spool(spool)
        .timeout(TIMEOUT)
        .continueOnError(error -> {});
  }

  /** What the threads of an application did. */
  private static final class Work {
    final Set<UUID> recorded = java.util.concurrent.ConcurrentHashMap.newKeySet();
    final AtomicInteger done = new AtomicInteger();
    final AtomicLong longest = new AtomicLong();

    <T> T timed(java.util.function.Supplier<T> call) {
      long begun = System.nanoTime();
      T result = call.get();
      longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
      return result;
    }
  }

  private static void record(LlmAccountingClient client, Work work, int count) {
    for (int i = 0; i < count; i++) {
      UUID id = client.newId();
      Usage own = UsageFixtures.aCall().id(id).at(UsageId.timeOf(id)).usage();
      Receipt receipt = work.timed(() -> client.track(own));
      assertThat(receipt.status()).isNotEqualTo(Receipt.Status.NOT_RECORDED);
      work.recorded.add(own.id());
      work.done.incrementAndGet();
    }
  }

  private static void call(LlmAccountingClient client, Work work, int count) {
    for (int i = 0; i < count; i++) {
      LlmCall call =
          work.timed(() -> client.begin(CallRequest.to("m").inputTokens(10).maxOutputTokens(10)));
      Receipt receipt = work.timed(() -> call.succeeded(TokenUsage.of(3, 4)));
      assertThat(receipt.status()).isNotEqualTo(Receipt.Status.NOT_RECORDED);
      work.recorded.add(call.id());
      work.done.incrementAndGet();
    }
  }

  @Test
  @Timeout(600)
  void aServerThatIsKilledBooksEveryCallOnce() throws Exception {
    Work work = new Work();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    ServerJar server = server();
    try (LlmAccountingClient client = builder(port, key, folder.resolve("spool")).build()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS / 2; i++) {
        all.add(threads.submit(() -> record(client, work, RECORDS / (THREADS / 2))));
        all.add(threads.submit(() -> call(client, work, CALLS / (THREADS / 2))));
      }
      for (int kill = 1; kill <= 2; kill++) {
        int enough = kill * 1_500;
        until(() -> work.done.get() >= enough || all.stream().anyMatch(Future::isDone));
        server.close();
        server.ended();
        server = server();
      }
      for (Future<?> one : all) {
        one.get();
      }
      until(
          () -> client.health().spool().records() == 0 && client.health().buffer().records() == 0);
      assertThat(client.health().counts().lost()).isZero();
      assertThat(client.health().counts().rejected()).isZero();
    } finally {
      threads.shutdownNow();
      server.close();
      server.ended();
    }

    assertThat(Duration.ofNanos(work.longest.get())).isLessThan(TIMEOUT.plusSeconds(5));
    assertThat(work.recorded).hasSize(RECORDS + CALLS);
    assertBooked(work.recorded);
  }

  // as long as it takes: the test itself has a timeout
  private static void until(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Fails unless each is booked once, and nothing else but what was held for nobody. */
  private void assertBooked(Set<UUID> ids) {
    try (LlmAccounting direct = opened()) {
      List<RecordedUsage> stored = direct.tail(UsageFilter.all(), 100_000);
      Set<UUID> found = new HashSet<>();
      for (RecordedUsage one : stored) {
        assertThat(found.add(one.usage().id())).isTrue();
        assertThat(one.current().outcome()).isEqualTo(Outcome.SUCCEEDED);
      }
      assertThat(found).isEqualTo(ids);
      Verification verified = direct.admin().verify();
      assertThat(verified.differences()).isEmpty();
    }
  }

  /** A process that records without a server until it is killed. */
  static final class Recording {
    private Recording() {}

    public static void main(String[] arguments) throws Exception {
      LlmAccountingClient client =
          builder(Integer.parseInt(arguments[0]), arguments[1], Path.of(arguments[2]))
              .withoutShutdownHook()
              .build();
      Work work = new Work();
      while (true) {
        record(client, work, 1);
        for (UUID id : work.recorded) {
          System.out.println(id);
        }
        work.recorded.clear();
      }
    }
  }

  @Test
  @Timeout(600)
  void whatAKilledClientHasOnItsDiskIsSentByTheNext() throws Exception {
    Path spool = folder.resolve("spool");
    Set<UUID> promised = new HashSet<>();
    try (ChildProcess process =
        ChildProcess.of(Recording.class, Integer.toString(port), key, spool.toString())) {
      while (promised.size() < 200) {
        String line = process.line();
        assertThat(line).as("what the process printed before it was killed").isNotNull();
        promised.add(UUID.fromString(line));
      }
      process.kill();
    }
    ServerJar server = server();
    try (LlmAccountingClient client = builder(port, key, spool).build()) {
      until(() -> client.health().isWell() && client.health().counts().replayed() > 0);
      // the first was in memory while it was found out that nobody answers
      assertThat(client.health().counts().replayed()).isGreaterThanOrEqualTo(promised.size() - 1L);
      assertThat(client.health().counts().duplicates()).isZero();
    } finally {
      server.close();
      server.ended();
    }

    try (LlmAccounting direct = opened()) {
      List<UUID> stored =
          direct.tail(UsageFilter.all(), 100_000).stream().map(one -> one.usage().id()).toList();
      assertThat(stored).doesNotHaveDuplicates().containsAll(promised);
      assertThat(direct.admin().verify().differences()).isEmpty();
    }
    try (var left = Files.walk(spool)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }
}
