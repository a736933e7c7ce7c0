package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.config.BreakerSettings;
import io.llmaccounting.server.config.Fallback;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.GatewaySettings.GoneClients;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.config.UpstreamTimeouts;
import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.FakeProvider;
import io.llmaccounting.tap.fake.Gate;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes wrong at upstreams and with clients, and what is recorded of it. */
class GatewayFaultsTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;
  private static final Duration SHORT = Duration.ofMillis(300);

  private final FakeProvider other = FakeProvider.start();

  @Override
  GatewaySettings settings() {
    GatewaySettings settings = super.settings();
    Map<String, UpstreamSettings> upstreams = new HashMap<>(settings.upstreams());
    UpstreamSettings chat = upstream("openai", UpstreamKind.OPENAI);
    UpstreamSettings nobody = UpstreamSettings.of("dead", UpstreamKind.OPENAI, nowhere(), "openai");
    upstreams.put(
        "other", UpstreamSettings.of("other", UpstreamKind.OPENAI, other.uri(), "openai"));
    upstreams.put("dead", with(nobody, List.of()));
    upstreams.put("saved", with(named(nobody, "saved"), List.of(new Fallback("other", null))));
    upstreams.put("busy", with(named(chat, "busy"), List.of(new Fallback("other", "gpt-5-nano"))));
    upstreams.put("hasty", hasty(named(chat, "hasty")));
    return with(settings, upstreams, GoneClients.CANCEL, null);
  }

  private static GatewaySettings with(
      GatewaySettings settings,
      Map<String, UpstreamSettings> upstreams,
      GoneClients gone,
      @Nullable Duration keepAlive) {
    return new GatewaySettings(
        upstreams, "openai", false, gone, settings.bodies(), settings.rates(), keepAlive);
  }

  private static URI nowhere() {
    try (FakeProvider closed = FakeProvider.start()) {
      return closed.uri();
    }
  }

  private static UpstreamSettings named(UpstreamSettings base, String name) {
    return UpstreamSettings.of(name, base.kind(), base.base(), base.provider());
  }

  private static UpstreamSettings with(UpstreamSettings base, List<Fallback> fallbacks) {
    return new UpstreamSettings(
        base.name(),
        base.kind(),
        base.base(),
        base.provider(),
        base.auth(),
        null,
        null,
        base.timeouts(),
        2,
        fallbacks,
        new BreakerSettings(4, Duration.ofHours(1)));
  }

  private static UpstreamSettings hasty(UpstreamSettings base) {
    return new UpstreamSettings(
        base.name(),
        base.kind(),
        base.base(),
        base.provider(),
        base.auth(),
        null,
        null,
        new UpstreamTimeouts(Duration.ofSeconds(20), SHORT, SHORT, Duration.ofMinutes(1)),
        1,
        List.of(),
        new BreakerSettings(0, SHORT));
  }

  private HttpResponse<String> ask(String upstream, boolean streamed) throws Exception {
    return send(
        asking("/" + upstream + CHAT.path(streamed), CHAT.request("Hi", 100, streamed)).build());
  }

  private HttpResponse<InputStream> open(String upstream) throws Exception {
    return client.send(
        asking("/" + upstream + CHAT.path(true), CHAT.request("Hi", 100, true)).build(),
        BodyHandlers.ofInputStream());
  }

  private HttpResponse<InputStream> open(Gateway gateway) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + gateway.port() + "/openai" + CHAT.path(true));
    return client.send(
        java.net.http.HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + KEY)
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(CHAT.request("Hi", 100, true)))
            .build(),
        BodyHandlers.ofInputStream());
  }

  @Test
  void theFirstEventIsNotHeldBack() throws Exception {
    Gate gate = new Gate();
    provider.answering(CHAT.stream().waitingBefore(2, gate));

    try (InputStream stream = open("openai").body()) {
      byte[] first = stream.readNBytes(20);
      gate.open();
      assertThat(new String(first, java.nio.charset.StandardCharsets.UTF_8)).startsWith("data: ");
      stream.readAllBytes();
    }
    assertThat(heard().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aClientThatLeavesStopsTheUpstreamAndWhatCameIsRecorded() throws Exception {
    Gate gate = new Gate();
    provider.answering(CHAT.stream().waitingBefore(CHAT.textEvent() + 2, gate));

    InputStream stream = open("openai").body();
    stream.readNBytes(20);
    gate.awaitReached();
    stream.close();

    Usage record = heard();
    gate.open();
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.tokens().total()).isPositive();
  }

  @Test
  void aClientThatLeavesWhileAnAnswerIsDrainedIsRecordedAsTheProviderCounts() throws Exception {
    Gateway draining =
        open(with(super.settings(), super.settings().upstreams(), GoneClients.DRAIN, null));
    Gate gate = new Gate();
    provider.answering(CHAT.stream().waitingBefore(CHAT.textEvent() + 2, gate));
    InputStream stream = open(draining).body();
    stream.readNBytes(20);
    gate.awaitReached();
    stream.close();
    gate.open();

    assertThat(heard().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    awaited(draining.stop(Duration.ofSeconds(1)));
  }

  @Test
  void aClientThatLeavesBeforeTheAnswerBeginsIsDrainedToo() throws Exception {
    Gateway draining =
        open(with(super.settings(), super.settings().upstreams(), GoneClients.DRAIN, null));
    Gate gate = new Gate();
    provider.answering(CHAT.answer().waitingBefore(-1, gate));
    byte[] request =
        ("POST /openai%s HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s")
            .formatted(
                CHAT.path(false),
                KEY,
                CHAT.request("Hi", 100, false).length(),
                CHAT.request("Hi", 100, false))
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);

    try (java.net.Socket socket =
        new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), draining.port())) {
      socket.getOutputStream().write(request);
      gate.awaitReached();
    }
    gate.open();

    assertThat(heard().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(record().source()).isEqualTo(TokenSource.REPORTED);
    awaited(draining.stop(Duration.ofSeconds(1)));
  }

  @Test
  void aStreamThatBreaksEndsWithAnErrorAndNeverAsIfItWereWhole() throws Exception {
    provider.answering(CHAT.stream().brokenBefore(CHAT.textEvent() + 1));

    HttpResponse<String> response = ask("openai", true);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"error\"").doesNotContain("\n\ndata: [DONE]");
    assertThat(heard().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void anUpstreamThatCannotBeReachedCostsNothing() throws Exception {
    HttpResponse<String> response = ask("dead", false);

    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.body()).contains("dead");
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(record().tokens().total()).isZero();
  }

  @Test
  void anUpstreamThatFailsAgainAndAgainIsLeftAlone() throws Exception {
    ask("dead", false);
    ask("dead", false);

    HttpResponse<String> response = ask("dead", false);

    assertThat(response.body()).contains("left alone");
    assertThat(response.headers().firstValueAsLong("Retry-After").getAsLong()).isPositive();
  }

  @Test
  void anotherUpstreamAnswersWhereOneCannotBeReached() throws Exception {
    HttpResponse<String> response = ask("saved", false);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(other.count()).isEqualTo(1);
    assertThat(records())
        .extracting(Usage::outcome)
        .containsExactlyInAnyOrder(Outcome.FAILED, Outcome.SUCCEEDED);
  }

  @Test
  void anotherModelAnswersWhereOneRefuses() throws Exception {
    provider.answering(FakeAnswer.tooMany(60));

    HttpResponse<String> response = ask("busy", true);

    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    assertThat(other.requests().get(0).text()).contains("\"gpt-5-nano\"");
    assertThat(records())
        .extracting(Usage::model)
        .containsExactlyInAnyOrder("gpt-5-mini", "gpt-5-nano");
  }

  @Test
  void whatMayHaveBeenWorkedOnIsNotSentAgain() throws Exception {
    provider.answering(CHAT.answer().waitingBefore(-1, new Gate()).brokenBefore(0));

    HttpResponse<String> response = ask("hasty", false);

    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(provider.count()).isEqualTo(1);
    assertThat(heard().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aStreamThatFallsSilentIsEnded() throws Exception {
    provider.answering(CHAT.stream().waitingBefore(CHAT.textEvent() + 1, new Gate()));

    HttpResponse<String> response = ask("hasty", true);

    assertThat(response.body()).contains("\"error\"").doesNotContain("\n\ndata: [DONE]");
    assertThat(heard().outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void aSilentStreamIsToldThatItLivesOnBetweenEventsOnly() throws Exception {
    Gateway reassuring =
        open(
            with(
                super.settings(),
                super.settings().upstreams(),
                GoneClients.CANCEL,
                Duration.ofMillis(100)));
    Gate gate = new Gate();
    provider.answering(CHAT.stream().waitingBefore(CHAT.textEvent() + 1, gate));

    StringBuilder all = new StringBuilder();
    try (InputStream stream = open(reassuring).body()) {
      byte[] piece = new byte[4096];
      for (int n = stream.read(piece); n >= 0; n = stream.read(piece)) {
        all.append(new String(piece, 0, n, java.nio.charset.StandardCharsets.UTF_8));
        if (all.indexOf("\n\n:") > 0) {
          gate.open();
        }
      }
    }
    assertThat(all.toString().replaceAll("(?m)^:.*\n\n", "")).isEqualTo(CHAT.streamText());
    assertThat(heard().outcome()).isEqualTo(Outcome.SUCCEEDED);
    awaited(reassuring.stop(Duration.ofSeconds(1)));
  }

  @Test
  void requestsOnTheirWayComeToTheirEndWhileItStops() throws Exception {
    Gate gate = new Gate();
    provider.answering(CHAT.stream().waitingBefore(CHAT.textEvent() + 1, gate));
    try (InputStream stream = open("openai").body()) {
      stream.readNBytes(20);
      gate.awaitReached();

      io.vertx.core.Future<Void> stopped = gateway().stop(Duration.ofSeconds(20));
      gate.open();

      assertThat(new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .endsWith("data: [DONE]\n\n");
      awaited(stopped);
    }
    assertThat(record().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aFallbackThatAKeyMayNotAskIsNone() throws Exception {
    callers.put(
        KEY,
        new Caller(
            "bob",
            io.llmaccounting.usage.Attribution.NONE,
            model -> model.equals("gpt-5-mini"),
            provider -> true));
    provider.answering(FakeAnswer.tooMany(60));

    HttpResponse<String> response = ask("busy", false);

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).contains("planned by a test");
    assertThat(other.count()).isZero();
  }
}
