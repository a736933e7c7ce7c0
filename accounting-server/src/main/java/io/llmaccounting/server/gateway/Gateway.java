package io.llmaccounting.server.gateway;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.health.Health;
import io.llmaccounting.server.cache.AnswerCache;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.wire.GoogleTokens;
import io.llmaccounting.server.wire.UpstreamAuth;
import io.llmaccounting.tap.Tap;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClientOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway at work. Whoever starts it owns the accounting and closes it after {@link #stop}.
 * Safe for use by many threads.
 */
public final class Gateway {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);

  // a negative port is a free one that all event loops of one gateway share
  private static final AtomicInteger FREE_PORTS = new AtomicInteger();

  private static final long TOKEN_PATIENCE = 30_000;

  private final Vertx vertx;
  private final Traffic traffic;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private final List<HttpClient> clients = new ArrayList<>();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicInteger port = new AtomicInteger();

  private Gateway(Vertx vertx, Traffic traffic) {
    this.vertx = vertx;
    this.traffic = traffic;
  }

  /**
   * What it works with.
   *
   * @param accounting meters what passes
   * @param keys who calls
   * @param credentials what upstreams are told
   * @param metrics where it counts
   */
  public record Services(
      LlmAccounting accounting,
      KeyRing keys,
      Keychain credentials,
      PrometheusMeterRegistry metrics) {}

  /**
   * Starts to listen, as {@link #start(Vertx, Listening, GatewaySettings, Services, Predicate)}.
   */
  public static Future<Gateway> start(
      Vertx vertx, Listening listening, GatewaySettings settings, Services services) {
    return start(vertx, listening, settings, services, request -> false);
  }

  /**
   * Starts to listen; the future is done once requests are taken, on every event loop.
   *
   * @param beside answers requests that are not for the gateway, on their event loop, and says
   *     whether it does; it is asked first
   */
  public static Future<Gateway> start(
      Vertx vertx,
      Listening listening,
      GatewaySettings settings,
      Services services,
      Predicate<HttpServerRequest> beside) {
    Gateway gateway = new Gateway(vertx, new Traffic(services.metrics()));
    GatewayParts parts = gateway.parts(settings, services);
    OwnPages pages =
        new OwnPages(
            vertx,
            gateway.draining::get,
            () -> trouble(services.accounting()),
            services.metrics()::scrape);
    Relay relay =
        new Relay(
            parts,
            vertx.createWebSocketClient(
                new WebSocketClientOptions()
                    .setMaxConnections(10_000)
                    .setMaxMessageSize(GatewayVerticle.MAX_MESSAGE)));
    Listening shared = listening.port() == 0 ? atFreePort(listening) : listening;
    int loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    return vertx
        .deployVerticle(
            () ->
                new GatewayVerticle(
                    shared,
                    request -> {
                      gateway.sayIfLast(request);
                      if (!pages.answers(request) && !beside.test(request)) {
                        Passage.begin(parts, request);
                      }
                    },
                    relay::begin,
                    gateway.servers::add,
                    gateway.port::set),
            new DeploymentOptions().setInstances(loops))
        .map(deployed -> gateway);
  }

  /** A client that keeps its connection would ask again where nobody listens any more. */
  private void sayIfLast(HttpServerRequest request) {
    if (draining.get() && request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader("Connection", "close");
    }
  }

  private static Listening atFreePort(Listening listening) {
    return new Listening(
        listening.host(),
        FREE_PORTS.decrementAndGet(),
        listening.certificate(),
        listening.privateKey());
  }

  private GatewayParts parts(GatewaySettings settings, Services services) {
    Map<String, Upstream> upstreams = new LinkedHashMap<>();
    settings
        .upstreams()
        .forEach((name, upstream) -> upstreams.put(name, upstream(upstream, services)));
    InstantSource clock = InstantSource.system();
    return new GatewayParts(
        vertx,
        clock,
        settings,
        new Routes(
            upstreams,
            settings.defaultUpstream() == null ? null : upstreams.get(settings.defaultUpstream())),
        new Callers(services.keys(), settings.passThrough()),
        services.credentials(),
        belongings(services),
        new MissingCredentials(log::warn, System::nanoTime),
        new UpstreamAuth(clock),
        new GoogleTokens(clock, this::token),
        new Rates(settings.rates()),
        new HeldBodies(settings.bodies().together(), services.metrics()),
        settings.cache() == null
            ? null
            : new AnswerCache(settings.cache(), services.metrics(), System::nanoTime),
        traffic);
  }

  private Belongings belongings(Services services) {
    Belongings belongings = new Belongings(vertx, services.accounting().ownedObjects());
    belongings.sweep();
    return belongings;
  }

  private CompletionStage<String> token(GoogleTokens.Grant grant) {
    HttpClient client = vertx.createHttpClient(new HttpClientOptions().setVerifyHost(true));
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(grant.target().toString())
                .setTimeout(TOKEN_PATIENCE)
                .addHeader("Content-Type", "application/x-www-form-urlencoded"))
        .compose(request -> request.send(grant.form()))
        .compose(HttpClientResponse::body)
        .map(Buffer::toString)
        .onComplete(
            done -> {
              Future<Void> unused = client.close();
            })
        .toCompletionStage();
  }

  private Upstream upstream(UpstreamSettings settings, Services services) {
    boolean secure = "https".equalsIgnoreCase(settings.base().getScheme());
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(secure ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
            .setUseAlpn(secure)
            .setVerifyHost(true)
            .setDecompressionSupported(false)
            .setMaxHeaderSize(256 * 1024)
            .setKeepAliveTimeout(30)
            .setTcpNoDelay(true);
    HttpClient client =
        vertx.createHttpClient(
            options, new PoolOptions().setHttp1MaxSize(10_000).setHttp2MaxSize(32));
    clients.add(client);
    return new Upstream(
        settings,
        client,
        Tap.of(services.accounting()).provider(settings.provider()),
        new Breaker(settings.breaker(), System::nanoTime));
  }

  private static Optional<String> trouble(LlmAccounting accounting) {
    // what waits in the spool is no reason to send requests elsewhere
    return accounting.health().store().breaker() == Health.Breaker.CLOSED
        ? Optional.empty()
        : Optional.of("the store is not reached");
  }

  /** The port that it listens on. */
  public int port() {
    return port.get();
  }

  /** How many requests are on their way. */
  public int active() {
    return traffic.active();
  }

  /** Says that it is not ready, and goes on to take requests. */
  public void announceStop() {
    draining.set(true);
  }

  /**
   * Says that it is not ready, takes no more connections, and lets requests on their way come to
   * their end, at most for so long; those that are left are broken off, and recorded as that.
   */
  public Future<Void> stop(Duration drain) {
    announceStop();
    List<Future<Void>> stopped = new ArrayList<>();
    for (HttpServer server : servers) {
      stopped.add(server.shutdown(drain.toMillis(), TimeUnit.MILLISECONDS));
    }
    return Future.join(stopped)
        .eventually(() -> Future.join(clients.stream().map(HttpClient::close).toList()))
        .mapEmpty();
  }
}
