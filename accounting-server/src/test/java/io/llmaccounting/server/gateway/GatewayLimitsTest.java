package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.Usage;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who may ask what, how much, and how large. */
class GatewayLimitsTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private RequestRates rates = RequestRates.UNBOUNDED;

  GatewayLimitsTest() {
    super(builder -> builder.pricing(PriceCatalog.bundled()).timeout(Duration.ofSeconds(30)));
  }

  @Override
  GatewaySettings settings() {
    GatewaySettings settings = super.settings();
    return new GatewaySettings(
        settings.upstreams(),
        settings.defaultUpstream(),
        false,
        settings.goneClients(),
        new BodyLimits(2_000, 100_000),
        rates,
        null);
  }

  @Test
  void asManyReachTheProviderAsALimitHasRoomFor() throws Exception {
    accounting.limits().save(Limit.named("few").requests(20).rolling(Duration.ofHours(1)));
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      all.add(client.sendAsync(asking(CHAT, i % 2 == 0), BodyHandlers.ofString()));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();

    assertThat(all.stream().filter(answer -> answer.join().statusCode() == 200)).hasSize(20);
    assertThat(all.stream().filter(answer -> answer.join().statusCode() == 429)).hasSize(25);
    assertThat(provider.count()).isEqualTo(20);
  }

  @Test
  void aStreamThatOutgrowsItsLimitIsStoppedWithAWord() throws Exception {
    accounting.limits().save(Limit.named("small").outputTokens(3_000).rolling(Duration.ofHours(1)));
    provider.answering(CHAT.stream(CHAT.withTextOf(4_000)).repeating(CHAT.textEvent(), 5_000));

    HttpResponse<String> response = send(asking(CHAT, true));

    assertThat(response.body()).contains("\"error\"").doesNotContain("\n\ndata: [DONE]");
    assertThat(heard().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aModelThatAKeyMayNotAskNeverReachesTheProvider() throws Exception {
    callers.put(
        KEY,
        new Caller("bob", Attribution.NONE, model -> model.equals("gpt-5-nano"), provider -> true));

    HttpResponse<String> response = send(asking(CHAT, false));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("gpt-5-mini");
    assertThat(provider.count()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void aProviderThatAKeyMayNotAskIsNotAsked() throws Exception {
    callers.put(
        KEY, new Caller("bob", Attribution.NONE, model -> true, name -> name.equals("anthropic")));

    assertThat(send(asking(CHAT, false)).statusCode()).isEqualTo(403);
    assertThat(send(asking(ProviderShape.ANTHROPIC_MESSAGES, false)).statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyThatAsksTooOftenIsTurnedAway() throws Exception {
    rates = new RequestRates(0, 1);
    Gateway strict = open(settings());
    URI uri = URI.create("http://127.0.0.1:" + strict.port() + path(CHAT, false));
    HttpRequest request =
        HttpRequest.newBuilder(asking(CHAT, false), (name, value) -> true).uri(uri).build();
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(client.sendAsync(request, BodyHandlers.ofString()));
    }

    assertThat(all.stream().map(one -> one.join().statusCode())).contains(200, 429);
    awaited(strict.stop(Duration.ofSeconds(1)));
  }

  @Test
  void aLongBodyPassesAsItComesAndIsEstimated() throws Exception {
    String text = "word ".repeat(10_000);
    String body =
        "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + text
            + "\"}]}";

    HttpResponse<String> response = send(asking("/v1/chat/completions", body).build());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(sent()).isEqualTo(body);
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aBodyThatNamesItsModelTooLateIsRefused() throws Exception {
    String body = "{\"messages\":\"" + "x".repeat(90_000) + "\",\"model\":\"gpt-5-mini\"}";

    HttpResponse<String> response = send(asking("/v1/chat/completions", body).build());

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(provider.count()).isZero();
  }

  @Test
  void aBodyThatIsTooLongIsRefused() throws Exception {
    HttpResponse<String> declared =
        send(asking("/v1/chat/completions", "x".repeat(100_001)).build());
    HttpRequest chunked =
        HttpRequest.newBuilder(at("/v1/files"))
            .header("Authorization", "Bearer " + KEY)
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(new byte[300_000])))
            .build();

    assertThat(declared.statusCode()).isEqualTo(413);
    assertThat(send(chunked).statusCode()).isEqualTo(413);
  }

  @Test
  void answersAreTheSameBytesHoweverTheyCome() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      ProviderShape shape = i % 2 == 0 ? CHAT : ProviderShape.ANTHROPIC_MESSAGES;
      boolean streamed = random.nextBoolean();
      FakeAnswer answer = streamed ? shape.stream() : shape.answer();
      answer = answer.inPiecesOf(1 + random.nextInt(60));
      provider.answering(random.nextBoolean() ? answer.gzip() : answer);

      HttpResponse<String> response = send(asking(shape, streamed));

      assertThat(response.body()).isEqualTo(streamed ? shape.streamText() : shape.answerText());
    }
    assertThat(accounting.tail(io.llmaccounting.usage.UsageFilter.all(), 100))
        .hasSize(40)
        .allMatch(record -> record.usage().outcome() == Outcome.SUCCEEDED)
        .allMatch(record -> record.usage().tokens().total() > 0);
  }

  @Test
  void whatIsRecordedSaysHowTheCallWent() throws Exception {
    send(asking(CHAT, true));

    Usage record = record();
    assertThat(record.details().streamed()).isTrue();
    assertThat(record.details().attempts()).isEqualTo(1);
    assertThat(record.details().timeToFirstToken()).isNotNull();
    assertThat(record.details().latency())
        .isGreaterThanOrEqualTo(record.details().timeToFirstToken());
    assertThat(record.cost()).isPresent();
  }
}
