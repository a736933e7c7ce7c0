package io.llmaccounting.server.bench;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.CacheSettings;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.gateway.Caller;
import io.llmaccounting.server.gateway.Gateway;
import io.llmaccounting.usage.Attribution;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gateways with one upstream, in this process, that take any key. */
public final class Gateways {
  private Gateways() {}

  /** Starts one at a free port, in front of {@code provider} on loopback, that keeps nothing. */
  public static Gateway start(
      Vertx vertx, String upstream, int provider, LlmAccounting accounting) {
    return start(vertx, upstream, provider, accounting, null);
  }

  /** Starts one that keeps answers as {@code cache} says. */
  public static Gateway start(
      Vertx vertx,
      String upstream,
      int provider,
      LlmAccounting accounting,
      @Nullable CacheSettings cache) {
    UpstreamSettings settings =
        UpstreamSettings.of(
            upstream, UpstreamKind.OPENAI, URI.create("http://127.0.0.1:" + provider), "openai");
    Caller caller =
        new Caller("bench", Attribution.NONE.withUser("bench"), model -> true, name -> true);
    return Gateway.start(
            vertx,
            new Listening("127.0.0.1", 0, null, null),
            new GatewaySettings(
                Map.of(upstream, settings),
                upstream,
                false,
                GatewaySettings.GoneClients.CANCEL,
                BodyLimits.DEFAULTS,
                RequestRates.UNBOUNDED,
                null,
                cache),
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
