package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.postgres.PostgresSettings.SchemaMode;
import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.UsageFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An instance works on the schema of the previous version, which knew no keys, while a new one
 * brings it forward: those that are connected go on.
 */
class RollingUpgradeIT {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;
  private static final String FORMER_KEY = "known otherwise";

  private final PostgresServer server = PostgresServer.shared();
  private final String schema = PostgresServer.newSchema();
  private final FakeProvider provider = FakeProvider.start();
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
  private volatile boolean stopped;

  @AfterEach
  void drop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    provider.close();
    server.run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  private final class Instance implements AutoCloseable {
    final LlmAccounting accounting;
    final Gateway gateway;

    Instance(SchemaMode mode) {
      accounting =
          LlmAccounting.builder(
                  PostgresBackend.connect(
                      server.url(),
                      server.user(),
                      server.password(),
                      PostgresSettings.defaults().schema(schema).poolSize(4).schemaMode(mode)))
              .timeout(Duration.ofSeconds(20))
              .withoutShutdownHook()
              .build();
      gateway =
          Gateway.start(
                  vertx,
                  new Listening("127.0.0.1", 0, null, null),
                  settings(),
                  new Gateway.Services(
                      accounting,
                      this::resolve,
                      (project, upstream) ->
                          CompletableFuture.completedFuture(Optional.of(Secret.of("sk-upstream"))),
                      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
              .toCompletionStage()
              .toCompletableFuture()
              .join();
    }

    private java.util.concurrent.CompletionStage<Caller> resolve(String secret) {
      return secret.equals(FORMER_KEY)
          ? CompletableFuture.completedFuture(GatewayScene.caller("alice"))
          : new IssuedKeys(accounting.access()).resolve(secret);
    }

    HttpRequest asking(String key) {
      return HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + gateway.port() + CHAT.path(false)))
          .header("Authorization", "Bearer " + key)
          .POST(HttpRequest.BodyPublishers.ofString(CHAT.request("Hi", 100, false)))
          .build();
    }

    @Override
    public void close() {
      gateway.stop(Duration.ofSeconds(20)).toCompletionStage().toCompletableFuture().join();
      accounting.close();
    }
  }

  private GatewaySettings settings() {
    return new GatewaySettings(
        Map.of(
            "openai", UpstreamSettings.of("openai", UpstreamKind.OPENAI, provider.uri(), "openai")),
        "openai",
        false,
        GatewaySettings.GoneClients.CANCEL,
        BodyLimits.DEFAULTS,
        RequestRates.UNBOUNDED,
        null);
  }

  private void putBack() {
    server.run("DROP TABLE %s.owned_object".formatted(schema));
    // The column asked stays: the former instance is of this version and writes it.
    server.run(
        "DROP TABLE %1$s.sink, %1$s.sink_outbox, %1$s.sink_refused, %1$s.access_key, %1$s.provider_credential"
            .formatted(schema));
    server.run(
        "DELETE FROM %s.settings WHERE name IN ('access_revision', 'credential_revision', 'sinks_revision')"
            .formatted(schema));
    server.run(
        "DELETE FROM %s.llm_accounting_schema_history WHERE version::integer > 13"
            .formatted(schema));
    server.run("UPDATE %s.settings SET value = 13 WHERE name = 'schema_version'".formatted(schema));
  }

  private CompletableFuture<Void> ask(HttpRequest request) {
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenCompose(
            answer -> {
              statuses.add(answer.statusCode());
              return stopped ? CompletableFuture.completedFuture(null) : ask(request);
            });
  }

  private void areAnswered(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(statuses.poll(60, TimeUnit.SECONDS)).isEqualTo(200);
    }
  }

  @Test
  void requestsGoOnWhileTheSchemaIsBroughtForwardAndKeysAreThereAfterwards() throws Exception {
    new Instance(SchemaMode.MIGRATE).close();
    putBack();
    IssuedKey key;
    try (Instance former = new Instance(SchemaMode.NONE)) {
      List<CompletableFuture<Void>> asked =
          List.of(ask(former.asking(FORMER_KEY)), ask(former.asking(FORMER_KEY)));
      areAnswered(20);
      try (Instance next = new Instance(SchemaMode.MIGRATE)) {
        key = next.accounting.access().issue(AccessTerms.named("laptop"));
        CompletableFuture<Void> withKey = ask(next.asking(key.secret()));
        areAnswered(60);
        stopped = true;
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
            .thenCompose(all -> withKey)
            .get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(statuses).allMatch(status -> status == 200);
    try (Instance restarted = new Instance(SchemaMode.VALIDATE)) {
      ask(restarted.asking(key.secret())).get(60, TimeUnit.SECONDS);
      assertThat(restarted.accounting.tail(UsageFilter.all(), 10_000)).hasSize(provider.count());
      assertThat(restarted.accounting.admin().verify().isClean()).isTrue();
    }
    assertThat(statuses).allMatch(status -> status == 200);
  }
}
