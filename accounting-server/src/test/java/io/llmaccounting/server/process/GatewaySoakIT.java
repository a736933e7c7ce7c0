package io.llmaccounting.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.testing.postgres.EmbeddedServer;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two servers on one PostgreSQL for a long time, before a provider with faults and clients that
 * leave, while the database goes away and one of the servers is restarted. Run by the profile soak.
 */
@EnabledIfSystemProperty(named = "llm.accounting.test.soakMinutes", matches = "[0-9]+")
class GatewaySoakIT {
  private static final Logger LOG = LoggerFactory.getLogger(GatewaySoakIT.class);
  private static final Duration TIME =
      Duration.ofMinutes(Integer.getInteger("llm.accounting.test.soakMinutes", 20));
  private static final long SEED = Long.getLong("llm.accounting.test.soakSeed", 1);
  private static final int PER_SECOND = 50;
  private static final int MOST_STARTS = 20;
  private static final long PATIENCE_SECONDS = 300;
  // what a JVM that runs for long may take more at the end than at the beginning
  private static final long MEMORY_SLACK = 64;
  private static final Duration WARM = Duration.ofMinutes(4);
  private static final long HANDLE_SLACK = 20;
  private static final List<String> JVM = List.of("-Xmx256m");

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private final Vertx vertx = Vertx.vertx();
  private final FaultyProvider provider = new FaultyProvider(vertx);
  private final List<Sample> samples = new ArrayList<>();
  private int outages;
  private int restarts;

  /** What the server that is not restarted has at one time: MiB of memory, handles. */
  private record Sample(long memory, long handles) {}

  @Test
  void whatReachedTheProviderIsBookedOnce() throws Exception {
    try (EmbeddedServer database = EmbeddedServer.durable()) {
      int upstream = await(provider.listen());
      Path first = settings("first", database, upstream);
      Path second = settings("second", database, upstream);
      String key = ServerJar.run(first, "-q", "keys", "create", "soak").out().strip();
      try (ServerJar steady = listening(first)) {
        List<Integer> ports = List.of(steady.port(), port(second));
        SoakTraffic traffic = new SoakTraffic(vertx, key, ports, random);
        ServerJar mortal = listening(second);
        try {
          long handles = steady.handles();
          traffic.start(PER_SECOND);
          await(traffic.heard());
          mortal = soak(database, steady, mortal, second);
          await(traffic.stop());
          requireHandlesBack(steady, handles);
        } finally {
          stop(mortal);
        }
        stop(steady);
        requireBooks(database, traffic);
      }
    } finally {
      await(vertx.close());
    }
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private Path settings(String name, EmbeddedServer database, int upstream) throws IOException {
    Path place = Files.createDirectory(folder.resolve(name));
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.writeString(
        place.resolve("llm-accounting-server.yaml"),
        """
        listen: {port: %d}
        db: {place: "%s", user: postgres, schema: soak}
        drain: 20s
        upstreams:
          openai:
            url: "http://127.0.0.1:%d"
            allow-private: true
            auth: none
            attempts: 1
            timeouts: {first-byte: 3s, idle: 3s}
            breaker: {failures: 0}
        """
            .formatted(port, database.url(), upstream));
    return place;
  }

  private static int port(Path place) throws IOException {
    String text = Files.readString(place.resolve("llm-accounting-server.yaml"));
    return Integer.parseInt(text.lines().findFirst().orElseThrow().replaceAll("\\D", ""));
  }

  private ServerJar soak(EmbeddedServer database, ServerJar steady, ServerJar first, Path second)
      throws Exception {
    ServerJar mortal = first;
    long end = System.nanoTime() + TIME.toNanos();
    while (System.nanoTime() < end) {
      sampling(steady, Duration.ofMillis(3_000 + random.nextInt(6_000)));
      int next = random.nextInt(3);
      if (next > 0) {
        database.stop(
            random.nextBoolean() ? EmbeddedServer.Stop.FAST : EmbeddedServer.Stop.IMMEDIATE);
        outages++;
        sampling(steady, Duration.ofMillis(500 + random.nextInt(6_000)));
      }
      if (next < 2) {
        // the database may be away: what waits is in the spool then
        stop(mortal);
        restarts++;
      }
      if (next > 0) {
        database.start();
      }
      if (next < 2) {
        mortal = listening(second);
      }
    }
    return mortal;
  }

  /** A server that ends because the database is not back yet is started again, as by systemd. */
  private static ServerJar listening(Path place) throws Exception {
    for (int tries = 1; ; tries++) {
      ServerJar server = ServerJar.start(place, JVM, "run");
      try {
        int unused = server.port();
        return server;
      } catch (AssertionError e) {
        if (tries == MOST_STARTS || !server.ended().err().contains("could not be reached")) {
          throw e;
        }
      }
    }
  }

  private void sampling(ServerJar steady, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
      samples.add(new Sample(steady.memory(), steady.handles()));
    }
  }

  private static void stop(ServerJar server) throws Exception {
    server.terminate();
    assertThat(server.ended().err()).contains("stopped").doesNotContain("OutOfMemory");
  }

  /** Nothing that the traffic took stays, once connections have been idle for long enough. */
  private void requireHandlesBack(ServerJar steady, long before) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (steady.handles() > before + HANDLE_SLACK && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
    LOG.info("handles before {}, after {}", before, steady.handles());
    assertThat(steady.handles()).isLessThanOrEqualTo(before + HANDLE_SLACK);
  }

  private void requireBooks(EmbeddedServer database, SoakTraffic traffic) {
    Map<Long, Integer> booked = new TreeMap<>();
    try (UsageBackend backend =
            PostgresBackend.connect(
                database.url(), "postgres", "", PostgresSettings.defaults().schema("soak"));
        LlmAccounting accounting = LlmAccounting.create(backend)) {
      backend
          .usage()
          .scan(
              TimeRange.always(),
              UsageFilter.all(),
              record ->
                  booked.merge(
                      Long.valueOf(record.usage().attribution().session()), 1, Integer::sum));
      List<Sample> early = samples.subList(samples.size() / 4, samples.size() / 2);
      List<Sample> late = samples.subList(3 * samples.size() / 4, samples.size());
      LOG.info(
          "{}: {} outages, {} restarts; {} requests sent, {} answered, {} reached the provider, {}"
              + " booked; memory {} then {} MiB, handles {} then {}",
          TIME,
          outages,
          restarts,
          traffic.sent(),
          traffic.answered(),
          provider.reached().size(),
          booked.size(),
          median(early, Sample::memory),
          median(late, Sample::memory),
          median(early, Sample::handles),
          median(late, Sample::handles));

      // a server that has known a key once needs no store to know it
      assertThat(traffic.answered().keySet())
          .noneMatch(said -> said.contains("accounting_unavailable of server 1"));
      assertThat(provider.reached().values()).as("sent to the provider").containsOnly(1);
      assertThat(booked.values()).as("booked").containsOnly(1);
      assertThat(booked.keySet()).containsAll(provider.reached().keySet());
      assertThat(accounting.admin().verify().isClean()).isTrue();
      if (TIME.compareTo(WARM) >= 0) {
        assertThat(median(late, Sample::memory))
            .isLessThan(median(early, Sample::memory) + MEMORY_SLACK);
      }
    }
  }

  private static long median(List<Sample> samples, ToLongFunction<Sample> what) {
    return samples.stream().mapToLong(what).sorted().skip(samples.size() / 2).findFirst().orElse(0);
  }
}
