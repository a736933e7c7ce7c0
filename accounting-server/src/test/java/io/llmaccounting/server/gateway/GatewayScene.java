package io.llmaccounting.server.gateway;

import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.GatewaySettings.GoneClients;
import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.tap.contract.AdapterScene;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A gateway in front of a provider on loopback; fails a test in which an event loop was blocked.
 */
public abstract class GatewayScene extends AdapterScene {
  public static final String KEY = "sk-acc-of-alice";
  static final String CREDENTIAL = "sk-upstream-canary";
  private static final long PATIENCE = 20;

  protected final Map<String, Caller> callers = new ConcurrentHashMap<>();
  final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final WatchedLoops loops = new WatchedLoops();
  private @Nullable Gateway gateway;

  protected GatewayScene() {
    this(builder -> builder);
  }

  GatewayScene(UnaryOperator<LlmAccountingBuilder> settings) {
    super(builder -> settings.apply(builder.timeout(Duration.ofSeconds(PATIENCE))));
  }

  @BeforeEach
  void open() throws Exception {
    callers.put(KEY, caller("alice"));
    gateway = open(settings());
    loops.watch();
  }

  @AfterEach
  void close() throws Exception {
    loops.leave();
    awaited(gateway().stop(Duration.ofSeconds(5)));
    awaited(loops.vertx().close());
    loops.noneHasWaited();
  }

  Gateway gateway() {
    return java.util.Objects.requireNonNull(gateway);
  }

  /** Another instance, with the same accounting. */
  Gateway open(GatewaySettings settings) throws Exception {
    return awaited(
        Gateway.start(
            loops.vertx(),
            new Listening("127.0.0.1", 0, null, null),
            settings,
            new Gateway.Services(accounting, keys(), new Credentials(), metrics)));
  }

  /** Who callers are. */
  KeyRing keys() {
    return this::resolve;
  }

  /** How the gateway is set up: one upstream of each kind that is needed, all at the provider. */
  GatewaySettings settings() {
    Map<String, UpstreamSettings> upstreams = new HashMap<>();
    upstreams.put("openai", upstream("openai", UpstreamKind.OPENAI));
    upstreams.put("anthropic", upstream("anthropic", UpstreamKind.ANTHROPIC));
    upstreams.put("gemini", upstream("gemini", UpstreamKind.GEMINI));
    return new GatewaySettings(
        upstreams,
        "openai",
        false,
        GoneClients.CANCEL,
        BodyLimits.DEFAULTS,
        RequestRates.UNBOUNDED,
        null);
  }

  UpstreamSettings upstream(String name, UpstreamKind kind) {
    return UpstreamSettings.of(
        name, kind, provider.uri(), java.util.Objects.requireNonNull(kind.provider()));
  }

  static Caller caller(String user) {
    return new Caller(user, Attribution.NONE.withUser(user), model -> true, provider -> true);
  }

  private CompletableFuture<Caller> resolve(String secret) {
    Caller known = callers.get(secret);
    return known == null
        ? CompletableFuture.failedFuture(
            new RefusedException(Refusal.of(Refusal.Code.INVALID_KEY, "no such key")))
        : CompletableFuture.completedFuture(known);
  }

  /** Whether the provider's account is one of several projects. */
  boolean isAccountShared() {
    return false;
  }

  private final class Credentials implements Keychain {
    @Override
    public CompletionStage<Optional<Secret>> credential(
        @Nullable String project, UpstreamSettings upstream) {
      return GatewayScene.this.credential(project, upstream);
    }

    @Override
    public CompletionStage<Optional<Held>> held(
        @Nullable String project, UpstreamSettings upstream, @Nullable String wanted) {
      return credential(project, upstream)
          .thenApply(found -> found.map(one -> new Held("only", one, isAccountShared())));
    }
  }

  /** What upstreams are told. */
  CompletionStage<Optional<Secret>> credential(
      @Nullable String project, UpstreamSettings upstream) {
    return CompletableFuture.completedFuture(Optional.of(Secret.of(CREDENTIAL)));
  }

  protected final URI at(String path) {
    return URI.create("http://127.0.0.1:" + gateway().port() + path);
  }

  /** The path at the gateway of a request of this shape. */
  static String path(ProviderShape shape, boolean streamed) {
    String upstream =
        switch (shape) {
          case ANTHROPIC_MESSAGES -> "/anthropic";
          case GEMINI -> "/gemini";
          default -> "/openai";
        };
    return upstream + shape.path(streamed);
  }

  HttpRequest.Builder asking(String path, String body) {
    return HttpRequest.newBuilder(at(path))
        .header("Authorization", "Bearer " + KEY)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  HttpRequest asking(ProviderShape shape, boolean streamed) {
    return asking(path(shape, streamed), shape.request("What is a gateway?", 100, streamed))
        .build();
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  static <T> T awaited(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
  }
}
