package io.llmaccounting.server.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.gateway.Caller;
import io.llmaccounting.server.gateway.Gateway;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.usage.Attribution;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sends the same requests of 1 KB to a provider on loopback, through a plain proxy to it, and
 * through the gateway to it: as many as pass, and 1,000 a second. The gateway records into a SQLite
 * file, buffered, under a leased limit. All of it shares the machine's processors, so that the
 * processor's time of a request tells most where others are at work on the machine.
 */
public final class GatewayBench {
  private static final int WARM_UPS = Integer.getInteger("bench.warmup", 40_000);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration MEASURED =
      Duration.ofSeconds(Integer.getInteger("bench.seconds", 10));
  private static final int ROUNDS = 2;
  private static final int RATE = 1_000;

  private GatewayBench() {}

  /** Prints what was measured. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("gateway-bench");
    Vertx vertx = Vertx.vertx();
    Endpoints endpoints = new Endpoints(vertx);
    int provider = endpoints.provider();
    int proxy = endpoints.proxy(provider);
    try (LlmAccounting accounting = accounting(folder.resolve("usage.db"))) {
      Gateway gateway = gateway(vertx, provider, accounting);
      Map<String, Load> loads = new LinkedHashMap<>();
      loads.put("provider", new Load(vertx, provider));
      loads.put("proxy", new Load(vertx, proxy));
      loads.put("gateway", new Load(vertx, gateway.port()));
      loads.values().forEach(load -> load.warmUp(WARM_UPS, WARM_UP));
      for (int round = 1; round <= ROUNDS; round++) {
        print("as many as pass, round " + round, loads, load -> load.asManyAsPass(MEASURED));
      }
      for (int round = 1; round <= ROUNDS; round++) {
        print(
            "%,d a second, round %d".formatted(RATE, round),
            loads,
            load -> load.atRate(RATE, MEASURED));
      }
      gateway.stop(Duration.ofSeconds(5)).toCompletionStage().toCompletableFuture().join();
      accounting.flush();
      System.out.printf("%d calls recorded%n", accounting.health().counts().recorded());
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static void print(
      String title, Map<String, Load> loads, Function<Load, Load.Figures> how) {
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
          Load.Figures figures = how.apply(load);
          System.out.printf(
              Locale.ROOT,
              "%-28s %12.0f %10.2f %10.2f %14.0f%n",
              name,
              figures.perSecond(),
              figures.p50(),
              figures.p99(),
              figures.processor());
        });
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

  private static Gateway gateway(Vertx vertx, int provider, LlmAccounting accounting) {
    UpstreamSettings upstream =
        UpstreamSettings.of(
            "openai", UpstreamKind.OPENAI, URI.create("http://127.0.0.1:" + provider), "openai");
    Caller caller =
        new Caller("bench", Attribution.NONE.withUser("bench"), model -> true, name -> true);
    return Gateway.start(
            vertx,
            new Listening("127.0.0.1", 0, null, null),
            new GatewaySettings(
                Map.of("openai", upstream),
                "openai",
                false,
                GatewaySettings.GoneClients.CANCEL,
                BodyLimits.DEFAULTS,
                RequestRates.UNBOUNDED,
                null),
            new Gateway.Services(
                accounting,
                secret -> CompletableFuture.completedFuture(caller),
                (project, to) ->
                    CompletableFuture.completedFuture(Optional.of(Secret.of("sk-bench"))),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
