package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.postgres.PostgresBackend;
import io.llmaccounting.postgres.PostgresSettings;
import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.Listening;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.testing.postgres.ServerSchema;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.UsageFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two instances on one PostgreSQL. */
class SharedDatabaseIT {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private final ServerSchema schema = ServerSchema.create();
  private final FakeProvider provider = FakeProvider.start();
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Instance one = new Instance();
  private final Instance two = new Instance();

  private final class Instance {
    final LlmAccounting accounting =
        LlmAccounting.builder(
                PostgresBackend.connect(
                    schema.server().url(),
                    schema.server().user(),
                    schema.server().password(),
                    PostgresSettings.defaults().schema(schema.name()).poolSize(4)))
            .pricing(call -> Optional.of(new PricedCost(Cost.usd("0.05"), "test", false)))
            .staleness(Duration.ofMillis(200))
            .withoutShutdownHook()
            .build();

    final Gateway gateway =
        Gateway.start(
                vertx,
                new Listening("127.0.0.1", 0, null, null),
                new GatewaySettings(
                    Map.of(
                        "openai",
                        UpstreamSettings.of(
                            "openai", UpstreamKind.OPENAI, provider.uri(), "openai")),
                    "openai",
                    false,
                    GatewaySettings.GoneClients.CANCEL,
                    BodyLimits.DEFAULTS,
                    RequestRates.UNBOUNDED,
                    null),
                new Gateway.Services(
                    accounting,
                    new IssuedKeys(accounting.access()),
                    (project, upstream) ->
                        CompletableFuture.completedFuture(Optional.of(Secret.of("sk-upstream"))),
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
            .toCompletionStage()
            .toCompletableFuture()
            .join();

    CompletableFuture<HttpResponse<String>> ask(String key) {
      return client.sendAsync(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + gateway.port() + CHAT.path(false)))
              .header("Authorization", "Bearer " + key)
              .POST(BodyPublishers.ofString(CHAT.request("Hi", 100, false)))
              .build(),
          BodyHandlers.ofString());
    }

    void close() {
      gateway.stop(Duration.ofSeconds(5)).toCompletionStage().toCompletableFuture().join();
      accounting.close();
    }
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    provider.close();
    schema.close();
  }

  @Test
  void aKeyWithADollarGetsTwentyCallsOfFiveCents() {
    IssuedKey key = one.accounting.access().issue(AccessTerms.named("mobile app"));
    one.accounting
        .limits()
        .save(
            Limit.named("a dollar")
                .tag(IssuedKeys.TAG, key.key().id().toString())
                .cost(Cost.usd("1.00"))
                .rolling(Duration.ofDays(1)));

    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asked.add((i % 2 == 0 ? one : two).ask(key.secret()));
    }
    List<Integer> statuses = asked.stream().map(answer -> answer.join().statusCode()).toList();

    assertThat(provider.count()).isEqualTo(20);
    assertThat(statuses.stream().filter(status -> status == 200)).hasSize(20);
    assertThat(statuses.stream().filter(status -> status == 429)).hasSize(80);
    assertThat(two.accounting.tail(UsageFilter.all(), 100)).hasSize(20);
    assertThat(one.accounting.admin().verify().isClean()).isTrue();
  }

  @Test
  void aKeyThatIsRevokedInOneInstanceIsRefusedInTheOther() throws Exception {
    IssuedKey key = one.accounting.access().issue(AccessTerms.named("mobile app"));
    assertThat(two.ask(key.secret()).join().statusCode()).isEqualTo(200);

    one.accounting.access().revoke(key.key().id());

    assertThat(one.ask(key.secret()).join().statusCode()).isEqualTo(401);
    int answered = 0;
    while (two.ask(key.secret()).join().statusCode() != 401) {
      answered++;
      assertThat(answered).as("asked again and again").isLessThan(10_000);
    }
    assertThat(two.ask(key.secret()).join().statusCode()).isEqualTo(401);
  }

  @Test
  void whatIsNoKeyNeverReachesTheProvider() {
    for (String key : List.of("sk-acc-unknown", "sk-upstream", "x".repeat(5_000), "ключ")) {
      assertThat(
              one.ask(java.net.URLEncoder.encode(key, java.nio.charset.StandardCharsets.UTF_8))
                  .join()
                  .statusCode())
          .isEqualTo(401);
    }
    assertThat(provider.count()).isZero();
  }
}
