package io.llmaccounting.server;

import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.gateway.Gateway;
import io.llmaccounting.server.gateway.IssuedKeys;
import io.llmaccounting.server.gateway.Rates;
import io.llmaccounting.server.gateway.StoredCredentials;
import io.llmaccounting.server.process.Accountings;
import io.llmaccounting.server.process.Front;
import io.llmaccounting.server.rest.RestInterface;
import io.llmaccounting.server.sinks.SinkMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Opens the gateway. */
final class GatewayFront implements Front {
  private static final Duration STALENESS = Duration.ofSeconds(1);

  @Override
  public Open open(Parts parts) {
    Vertx vertx = Vertx.vertx();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    parts.metrics().bindTo(registry);
    new SinkMeters(parts.sinks()).bindTo(registry);
    Gateway.Services services =
        new Gateway.Services(
            parts.accounting(),
            new IssuedKeys(parts.accounting().access()),
            new StoredCredentials(
                vertx,
                parts.accounting().credentials(),
                parts.credentials()::open,
                STALENESS,
                System::nanoTime),
            registry);
    Listening listening = parts.settings().listening();
    RestInterface rest =
        new RestInterface(
            vertx,
            parts.accounting(),
            new RestInterface.Shown(Accountings.prices(parts.settings()), parts.sinks()::statuses),
            parts.settings().rest(),
            new Rates(parts.settings().gateway().rates()));
    try {
      return new Opened(
          vertx,
          awaited(
              Gateway.start(
                  vertx, listening, parts.settings().gateway(), services, rest::answers)));
    } catch (CompletionException e) {
      awaited(vertx.close());
      throw NotListening.of(listening, e);
    }
  }

  private record Opened(Vertx vertx, Gateway gateway) implements Open {
    @Override
    public int port() {
      return gateway.port();
    }

    @Override
    public void announceStop() {
      gateway.announceStop();
    }

    @Override
    public void stop(Duration drain) {
      try {
        awaited(gateway.stop(drain));
      } finally {
        awaited(vertx.close());
      }
    }
  }

  private static <T> T awaited(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
