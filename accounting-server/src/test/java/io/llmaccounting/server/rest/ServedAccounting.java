package io.llmaccounting.server.rest;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.GatewaySettings.GoneClients;
import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.RestSettings;
import io.llmaccounting.server.gateway.Gateway;
import io.llmaccounting.server.gateway.IssuedKeys;
import io.llmaccounting.server.gateway.Rates;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A server of an accounting that a test has made. */
final class ServedAccounting implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Gateway gateway;
  private final LlmAccounting accounting;

  ServedAccounting(LlmAccounting accounting) throws Exception {
    this.accounting = accounting;
    RestInterface rest =
        new RestInterface(
            vertx,
            accounting,
            new RestInterface.Shown(PriceCatalog.bundled(), List::of),
            RestSettings.DEFAULTS,
            new Rates(RequestRates.UNBOUNDED));
    this.gateway =
        RestScene.awaited(
            Gateway.start(
                vertx,
                new Listening("127.0.0.1", 0, null, null),
                new GatewaySettings(
                    Map.of(),
                    null,
                    false,
                    GoneClients.CANCEL,
                    BodyLimits.DEFAULTS,
                    RequestRates.UNBOUNDED,
                    null),
                new Gateway.Services(
                    accounting,
                    new IssuedKeys(accounting.access()),
                    (project, upstream) -> CompletableFuture.completedFuture(Optional.empty()),
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                rest::answers));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + gateway.port());
  }

  String key() {
    return accounting
        .access()
        .issue(AccessTerms.named("an adapter").withRoles(AccessRole.INGEST, AccessRole.READ))
        .secret();
  }

  @Override
  public void close() throws Exception {
    RestScene.awaited(gateway.stop(Duration.ofSeconds(5)));
    RestScene.awaited(vertx.close());
  }
}
