package io.llmaccounting.server.rest;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.backend.UsageBackend;
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
import io.llmaccounting.server.gateway.WatchedLoops;
import io.llmaccounting.testkit.ManualClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server on a database. Closing it fails where an event loop was blocked meanwhile. */
final class RestScene implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  final ManualClock clock = ManualClock.create();
  final LlmAccounting accounting;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final WatchedLoops loops = new WatchedLoops();
  private final Gateway gateway;

  RestScene(Function<ManualClock, UsageBackend> opening) throws Exception {
    this(opening, RestSettings.DEFAULTS, RequestRates.UNBOUNDED);
  }

  RestScene(Function<ManualClock, UsageBackend> opening, RestSettings settings, RequestRates rates)
      throws Exception {
    this.accounting =
        LlmAccounting.builder(opening.apply(clock))
            .clock(clock)
            .random(new Random(1))
            .pricing(PriceCatalog.bundled())
            .withoutShutdownHook()
            .build();
    RestInterface rest =
        new RestInterface(
            loops.vertx(),
            accounting,
            new RestInterface.Shown(PriceCatalog.bundled(), List::of),
            settings,
            new Rates(rates));
    this.gateway =
        awaited(
            Gateway.start(
                loops.vertx(),
                new Listening("127.0.0.1", 0, null, null),
                new GatewaySettings(
                    Map.of(), null, false, GoneClients.CANCEL, BodyLimits.DEFAULTS, rates, null),
                new Gateway.Services(
                    accounting,
                    new IssuedKeys(accounting.access()),
                    (project, upstream) -> CompletableFuture.completedFuture(Optional.empty()),
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                rest::answers));
    loops.watch();
  }

  /** The secret of a new key. */
  String key(@Nullable String project, AccessRole first, AccessRole... more) {
    return accounting
        .access()
        .issue(AccessTerms.named("a key").withProject(project).withRoles(first, more))
        .secret();
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  /** Sends a request as it is. */
  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  /** Sends a request as it is, and does not wait. */
  CompletableFuture<HttpResponse<String>> sending(HttpRequest request) {
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  /** Asks without a body, and does not wait. */
  CompletableFuture<HttpResponse<String>> asking(String method, String path, String key) {
    return client.sendAsync(
        HttpRequest.newBuilder(at(path))
            .method(method, BodyPublishers.noBody())
            .header("Authorization", "Bearer " + key)
            .build(),
        BodyHandlers.ofString());
  }

  /** Asks with a key, and a body where there is one. */
  HttpResponse<String> ask(String method, String path, @Nullable String key, @Nullable String body)
      throws IOException, InterruptedException {
    return ask(method, path, key, body, Map.of());
  }

  HttpResponse<String> ask(
      String method,
      String path,
      @Nullable String key,
      @Nullable String body,
      Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    return send(request.build());
  }

  /** Starts a job, waits for its end, and returns its id. */
  String doneJob(String path, @Nullable String body) throws IOException, InterruptedException {
    String key = key(null, AccessRole.MANAGE);
    HttpResponse<String> begun = ask("POST", path, key, body);
    String job = begun.headers().firstValue("Location").orElseThrow();
    while (!Json.read(ask("GET", job, key, null).body()).containsKey("ended_at")) {
      Thread.onSpinWait();
    }
    return job.substring(job.lastIndexOf('/') + 1);
  }

  static <T> T awaited(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    loops.leave();
    awaited(gateway.stop(Duration.ofSeconds(5)));
    awaited(loops.vertx().close());
    accounting.close();
    loops.noneHasWaited();
  }
}
