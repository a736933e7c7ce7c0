package io.llmaccounting.server.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.gateway.Gateway;
import io.llmaccounting.server.load.Figures;
import io.llmaccounting.server.load.Load;
import io.llmaccounting.sqlite.SqliteBackend;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Sends the same requests of 1 KB to a provider on loopback, through a plain proxy to it, and
 * through the gateway to it: as many as pass, and 1,000 a second. The gateway records into a SQLite
 * file, buffered, under a leased limit. All of it shares the machine's processors, so that the
 * processor's time of a request tells most where others are at work on the machine.
 */
public final class GatewayBench {
  private static final int CLIENTS = 32;
  private static final int RATE = Integer.getInteger("bench.rate", 1_000);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 2);
  private static final Duration WARM_UP =
      Duration.ofSeconds(Integer.getInteger("bench.warmup", 20));
  private static final Duration MEASURED =
      Duration.ofSeconds(Integer.getInteger("bench.seconds", 10));

  private GatewayBench() {}

  /** Prints what was measured. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("gateway-bench");
    Vertx vertx = Vertx.vertx();
    Endpoints endpoints = new Endpoints(vertx);
    int provider = endpoints.provider();
    int proxy = endpoints.proxy(provider);
    try (LlmAccounting accounting = accounting(folder.resolve("usage.db"))) {
      Gateway gateway = Gateways.start(vertx, "openai", provider, accounting);
      Map<String, Load> loads = new LinkedHashMap<>();
      loads.put("provider", load(vertx, provider));
      loads.put("proxy", load(vertx, proxy));
      loads.put("gateway", load(vertx, gateway.port()));
      loads.values().forEach(load -> await(load.from(CLIENTS, WARM_UP)));
      for (int round = 1; round <= ROUNDS; round++) {
        print("as many as pass, round " + round, loads, load -> load.from(CLIENTS, MEASURED));
      }
      for (int round = 1; round <= ROUNDS; round++) {
        String title = String.format(Locale.ROOT, "%,d a second, round %d", RATE, round);
        print(title, loads, load -> load.at(RATE, MEASURED));
      }
      await(gateway.stop(Duration.ofSeconds(5)));
      accounting.flush();
      System.out.printf("%d calls recorded%n", accounting.health().counts().recorded());
    }
    await(vertx.close());
  }

  private static Load load(Vertx vertx, int port) {
    return new Load(
        vertx,
        URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"),
        MultiMap.caseInsensitiveMultiMap()
            .set("Authorization", "Bearer sk-acc-bench")
            .set("Content-Type", "application/json"),
        Load.question("gpt-5-mini", 925));
  }

  private static void print(
      String title, Map<String, Load> loads, Function<Load, Future<Figures>> how) {
    System.out.printf(
        Locale.ROOT,
        "%n%-28s %12s %10s %10s %14s%n",
        title,
        "requests/s",
        "p50 ms",
        "p99 ms",
        "processor us");
    loads.forEach(
        (name, load) -> {
          long before = processorTime();
          Figures figures = await(how.apply(load));
          long each = (processorTime() - before) / 1_000 / Math.max(1, figures.answered());
          System.out.printf(
              Locale.ROOT,
              "%-28s %12.0f %10.2f %10.2f %14d%s%n",
              name,
              figures.perSecond(),
              figures.p50(),
              figures.p99(),
              each,
              figures.failed() == 0 ? "" : "  " + figures.failed() + " failed");
        });
  }

  private static long processorTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static LlmAccounting accounting(Path file) {
    LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(file))
            .pricing(PriceCatalog.bundled())
            .buffered()
            .build();
    accounting
        .limits()
        .save(Limit.named("month").requests(1_000_000_000).rolling(Duration.ofDays(30)).leased());
    return accounting;
  }
}
