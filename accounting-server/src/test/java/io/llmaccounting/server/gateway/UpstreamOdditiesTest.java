package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.config.Fallback;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.tap.fake.ProviderShape;
import io.llmaccounting.usage.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that answer what no provider should, byte by byte. */
class UpstreamOdditiesTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private final Vertx others = Vertx.vertx();
  private final CompletableFuture<String> sent = new CompletableFuture<>();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private volatile String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private volatile boolean endless;
  private NetServer odd;

  @BeforeEach
  @Override
  void open() throws Exception {
    odd = awaited(others.createNetServer().connectHandler(this::answer).listen(0, "127.0.0.1"));
    super.open();
  }

  private void answer(NetSocket socket) {
    socket.closeHandler(left::complete);
    socket.handler(
        piece -> {
          sent.complete(piece.toString(StandardCharsets.ISO_8859_1));
          socket.write(Buffer.buffer(answer, "ISO-8859-1"));
          if (endless) {
            others.setPeriodic(20, again -> socket.write("5\r\nabcde\r\n"));
          }
        });
  }

  @AfterEach
  void closeOthers() throws Exception {
    awaited(others.close());
  }

  @Override
  GatewaySettings settings() {
    GatewaySettings settings = super.settings();
    UpstreamSettings base =
        UpstreamSettings.of(
            "odd",
            UpstreamKind.OPENAI,
            URI.create("http://127.0.0.1:" + odd.actualPort()),
            "openai");
    Map<String, UpstreamSettings> upstreams = new HashMap<>(settings.upstreams());
    upstreams.put(
        "odd",
        new UpstreamSettings(
            base.name(),
            base.kind(),
            base.base(),
            base.provider(),
            base.auth(),
            null,
            null,
            base.timeouts(),
            2,
            List.of(new Fallback("openai", null)),
            base.breaker()));
    return new GatewaySettings(
        upstreams,
        "openai",
        false,
        settings.goneClients(),
        settings.bodies(),
        settings.rates(),
        null);
  }

  private HttpResponse<String> ask() throws Exception {
    return send(asking("/odd" + CHAT.path(false), CHAT.request("Hi", 100, false)).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "nonsense\r\n\r\n"
      })
  void whatIsNoAnswerIsNotPassedOnAsOne(String bytes) throws Exception {
    answer = bytes;

    assertThat(ask().statusCode()).isEqualTo(502);
    assertThat(record().outcome()).isEqualTo(Outcome.FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"})
  void anAnswerMayBeAnnounced(String bytes) throws Exception {
    answer = bytes + answer;

    assertThat(ask().body()).isEqualTo("{}");
  }

  @Test
  void aRefusalThatNeverEndsIsNotReadForEver() throws Exception {
    answer = "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n";
    endless = true;

    assertThat(ask().statusCode()).isEqualTo(200);
    assertThat(left).succeedsWithin(20, TimeUnit.SECONDS);
  }

  @Test
  void aRequestWithoutABodyStaysOne() throws Exception {
    send(
        HttpRequest.newBuilder(at("/odd/v1/models"))
            .header("Authorization", "Bearer " + KEY)
            .build());

    assertThat(sent.get(20, TimeUnit.SECONDS))
        .endsWith("\r\n\r\n")
        .doesNotContainIgnoringCase("transfer-encoding");
  }

  @Test
  void aClientThatLeavesInItsBodyIsNotWaitedFor() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", gateway().port())) {
      String head =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\nAuthorization: Bearer "
              + KEY
              + "\r\nExpect: 100-continue\r\n\r\n{";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(socket.getInputStream().read()).isPositive();
    }
    awaited(gateway().stop(java.time.Duration.ofSeconds(10)));

    assertThat(gateway().active()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void whatIsRefusedIsCountedAsRefused() throws Exception {
    send(HttpRequest.newBuilder(at("/nowhere")).build());

    assertThat(metrics.scrape()).contains("status=\"4xx\"").doesNotContain("status=\"2xx\"");
  }
}
