package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.shaded.hikari.HikariConfig;
import io.llmaccounting.shaded.hikari.HikariDataSource;
import io.llmaccounting.testing.ChildProcess;
import io.llmaccounting.testing.Eventually;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A durable server that stops and comes back while two virtual machines book on it. */
class ServerRestartIT {
  private static final int RESTARTS = Integer.getInteger("llm.accounting.test.restarts", 1);
  private static final int CALLS_BETWEEN = 200;
  private static final Logger FIGURES = LoggerFactory.getLogger("io.llmaccounting.proofs");
  private static final CallRequest REQUEST = CallRequest.to("m").user("alice");
  private static final TokenUsage SOME = TokenUsage.of(1, 1);

  private static EmbeddedServer embedded;

  @BeforeAll
  static void start() throws Exception {
    embedded = EmbeddedServer.durable();
  }

  @AfterAll
  static void stop() {
    embedded.close();
  }

  @Test
  @DisplayName("faults C1: one refused connection is enough to know that nobody is there")
  void oneRefusedConnectionIsEnough() throws Exception {
    try (TestSchema schema = TestSchema.create(PostgresServer.of(embedded));
        PostgresBackend own = schema.open()) {
      save(schema);
      Attempts attempts = new Attempts(schema.server());
      DataSource unpooled = attempts.source();
      try (HikariDataSource small = small(attempts.real);
          LlmAccounting lent =
              LlmAccounting.create(PostgresBackend.connect(unpooled, schema.settings()));
          LlmAccounting pooled = LlmAccounting.create(own)) {
        lent.begin(REQUEST).succeeded(SOME);
        pooled.begin(REQUEST).succeeded(SOME);
        AtomicInteger slices = new AtomicInteger();
        attempts.look(() -> isReached(lent));

        embedded.stop(EmbeddedServer.Stop.FAST);
        try {
          assertThatThrownBy(() -> lent.begin(REQUEST)).hasMessageContaining("not reachable");
          long start = System.nanoTime();
          assertThatThrownBy(() -> pooled.begin(REQUEST)).hasMessageContaining("not reachable");
          FIGURES.info(
              "the first begin after a stop took {} ms", (System.nanoTime() - start) / 1_000_000);

          assertThat(attempts.whileReached()).isEqualTo(1);
          assertThatThrownBy(() -> PoolWait.of(counted(small, slices)))
              .isInstanceOf(SQLTransientConnectionException.class);
          assertThat(slices.get()).isLessThan(12);
          assertThat(isReached(lent)).isFalse();
          assertThat(isReached(pooled)).isFalse();
          assertThatThrownBy(() -> pooled.quotas().hold(pooled.newId()).renew())
              .hasMessageContaining("nothing was sent");
        } finally {
          embedded.start();
        }
        Eventually.eventually("both are back", () -> isReached(lent) && isReached(pooled));
        lent.begin(REQUEST).succeeded(SOME);
        pooled.begin(REQUEST).succeeded(SOME);
        assertThat(pooled.report(TimeRange.always()).run().total().calls()).isEqualTo(4);
      }
    }
  }

  // a pool as ours, which has to open a connection that it had
  // empty until it is asked: a connection of a moment ago would be lent without being tried
  private static HikariDataSource small(DataSource real) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(real);
    config.setConnectionTimeout(PoolWait.SLICE.toMillis());
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private static PoolWait.Source counted(DataSource pool, AtomicInteger slices) {
    return () -> {
      slices.incrementAndGet();
      return pool.getConnection();
    };
  }

  private static boolean isReached(LlmAccounting accounting) {
    return accounting.health().store().breaker() == Health.Breaker.CLOSED;
  }

  /**
   * Counts the connections that are asked for while the accounting thinks that the store is there.
   */
  private static final class Attempts {
    private final PGSimpleDataSource real = new PGSimpleDataSource();
    private final AtomicInteger count = new AtomicInteger();
    private volatile BooleanSupplier reached = () -> false;

    Attempts(PostgresServer server) {
      real.setURL(server.url());
      real.setUser(server.user());
      real.setPassword(server.password());
    }

    void look(BooleanSupplier whether) {
      count.set(0);
      reached = whether;
    }

    int whileReached() {
      return count.get();
    }

    DataSource source() {
      return (DataSource)
          Proxy.newProxyInstance(
              DataSource.class.getClassLoader(),
              new Class<?>[] {DataSource.class},
              (self, method, arguments) -> {
                if (method.getName().equals("getConnection") && reached.getAsBoolean()) {
                  count.incrementAndGet();
                }
                try {
                  return method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }

  @Test
  @DisplayName("faults C1: a store whose connections long reports hold is busy, not away")
  void aStoreWithoutAFreeConnectionIsNotAway() throws Exception {
    try (TestSchema schema = TestSchema.create(PostgresServer.of(embedded))) {
      save(schema);
      PostgresBackend backend = schema.connect(schema.settings().poolSize(2));
      try (LlmAccounting accounting = LlmAccounting.create(backend)) {
        accounting.begin(REQUEST).succeeded(SOME);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(2);
        List<Thread> reports = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          reports.add(new Thread(() -> read(backend, reading, end)));
        }
        reports.forEach(Thread::start);
        reading.await();
        List<CompletableFuture<BackendException.Kind>> looks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          looks.add(CompletableFuture.supplyAsync(() -> kind(accounting)));
        }

        assertThat(looks)
            .allSatisfy(look -> assertThat(look.get()).isEqualTo(BackendException.Kind.BUSY));
        assertThat(isReached(accounting)).isTrue();
        end.countDown();
        for (Thread report : reports) {
          report.join();
        }
        accounting.begin(REQUEST).succeeded(SOME);
      }
    }
  }

  private static void read(PostgresBackend backend, CountDownLatch reading, CountDownLatch end) {
    backend
        .maintenance()
        .<Boolean>inspect(
            snapshot -> {
              reading.countDown();
              try {
                end.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return true;
            });
  }

  private static BackendException.Kind kind(LlmAccounting accounting) {
    return catchThrowableOfType(BackendException.class, () -> accounting.quotas().status(REQUEST))
        .kind();
  }

  @Test
  void losesAndDoublesNothingThatWasAcknowledged() throws Exception {
    PostgresServer server = PostgresServer.of(embedded);
    try (TestSchema schema = TestSchema.create(server)) {
      save(schema);

      List<String> acknowledged = trackWhileRestarting(embedded, schema);

      try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
        Set<String> stored =
            schema.rows("SELECT id FROM usage_event").stream()
                .map(row -> row.get(0))
                .collect(Collectors.toSet());
        assertThat(acknowledged).doesNotHaveDuplicates();
        assertThat(stored).containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(accounting.report(TimeRange.always()).run().total().cost().nanos())
            .isEqualTo(7L * acknowledged.size());
        assertThat(accounting.admin().verify().differences()).isEmpty();
      }
    }
  }

  private static void save(TestSchema schema) {
    try (LlmAccounting accounting = LlmAccounting.create(schema.open())) {
      accounting.limits().save(Limit.named("all").eachUser().requests(1_000_000).lifetime());
    }
  }

  private static List<String> trackWhileRestarting(EmbeddedServer embedded, TestSchema schema)
      throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (ChildProcess one = child(schema);
        ChildProcess other = child(schema)) {
      for (int restart = 0; restart < RESTARTS; restart++) {
        read(one, lines);
        read(other, lines);
        embedded.restart(
            restart % 2 == 0 ? EmbeddedServer.Stop.IMMEDIATE : EmbeddedServer.Stop.FAST);
      }
      read(one, lines);
      read(other, lines);
      one.go();
      other.go();
      lines.addAll(one.rest());
      lines.addAll(other.rest());
    }
    List<String> acknowledged = new ArrayList<>(lines);
    assertThat(acknowledged.stream().filter("stopped by 10"::equals)).hasSize(2);
    acknowledged.removeIf("stopped by 10"::equals);
    return acknowledged;
  }

  private static ChildProcess child(TestSchema schema) throws Exception {
    PostgresServer server = schema.server();
    return ChildProcess.of(
        TrackingMain.class, server.url(), server.user(), server.password(), schema.name());
  }

  private static void read(ChildProcess child, Queue<String> lines) throws Exception {
    for (int i = 0; i < CALLS_BETWEEN; i++) {
      lines.add(child.line());
    }
  }
}
