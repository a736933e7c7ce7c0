package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.server.config.BodyLimits;
import io.llmaccounting.server.config.GatewaySettings;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Bodies that come slowly, and many of them at once. */
class SlowBodiesTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  private Duration time = Duration.ofMinutes(1);

  @Override
  GatewaySettings settings() {
    GatewaySettings settings = super.settings();
    return new GatewaySettings(
        settings.upstreams(),
        settings.defaultUpstream(),
        false,
        settings.goneClients(),
        new BodyLimits(48_000, 100_000, 50_000, time),
        settings.rates(),
        null);
  }

  private static String body(int length) {
    String before = "{\"model\":\"gpt-5-mini\",\"input\":\"";
    return before + "x".repeat(length - before.length() - 2) + "\"}";
  }

  private static Socket begun(Gateway gateway, String path, int length) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    send(
        socket,
        "POST %s HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n"
                .formatted(path, KEY, length)
            + "Content-Type: application/json\r\nConnection: close\r\n\r\n");
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String answer(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private Gateway hasty() throws Exception {
    time = Duration.ofMillis(500);
    return open(settings());
  }

  @Test
  void aBodyThatIsReadMustBeThereInTimeHoweverOftenSomeOfItComes() throws Exception {
    Gateway hasty = hasty();
    try (Socket slow = begun(hasty, "/v1/responses", 40_000)) {
      assertThat(dripped(slow)).startsWith("HTTP/1.1 408 ");
    }
    assertThat(provider.count()).isZero();
    awaited(hasty.stop(Duration.ofSeconds(1)));
  }

  /** Sends a byte now and then until an answer begins, and returns its beginning. */
  private static String dripped(Socket slow) throws IOException {
    slow.setSoTimeout(20);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    byte[] first = new byte[13];
    int got = 0;
    while (got < first.length && System.nanoTime() < end) {
      try {
        send(slow, "x");
        got += Math.max(0, slow.getInputStream().read(first, got, first.length - got));
      } catch (SocketTimeoutException notYet) {
        // the next byte
      } catch (SocketException closed) {
        break;
      }
    }
    return new String(first, 0, got, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aBodyThatPassesAsItComesMustGoOn() throws Exception {
    Gateway hasty = hasty();
    try (Socket silent = begun(hasty, "/v1/files", 40_000)) {
      send(silent, "some of it");

      assertThat(answer(silent)).startsWith("HTTP/1.1 408 ");
    }
    awaited(hasty.stop(Duration.ofSeconds(1)));
  }

  /** Returns once so much is held of all bodies. */
  private void isHeld(int bytes) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (metrics.get("llm.gateway.bodies.held").gauge().value() != bytes) {
      assertThat(System.nanoTime()).as("%d are held", bytes).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void whatIsHeldOfAllBodiesIsBoundedAndComesFreeAgain() throws Exception {
    String whole = body(45_000);
    try (Socket slow = begun(gateway(), "/v1/responses", whole.length())) {
      send(slow, whole.substring(0, 40_000));
      isHeld(40_000);

      HttpResponse<String> refused = send(asking("/v1/responses", body(20_000)).build());

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      send(slow, whole.substring(40_000));

      assertThat(answer(slow)).startsWith("HTTP/1.1 200 ");
    }
    assertThat(send(asking("/v1/responses", body(45_000)).build()).statusCode()).isEqualTo(200);
    assertThat(send(asking("/v1/responses", body(45_000)).build()).statusCode()).isEqualTo(200);
  }

  @Test
  void whileAnAnswerComesNothingIsHeldOfWhatWasAsked() throws Exception {
    io.llmaccounting.tap.fake.Gate gate = new io.llmaccounting.tap.fake.Gate();
    provider.answering(CHAT.stream().waitingBefore(CHAT.textEvent() + 1, gate));
    try (Socket streaming = begun(gateway(), CHAT.path(true), 45_000)) {
      send(streaming, "{\"stream\":true," + body(44_986).substring(1));
      gate.awaitReached();
      isHeld(0);

      assertThat(send(asking("/v1/responses", body(45_000)).build()).statusCode()).isEqualTo(200);
      gate.open();
      assertThat(answer(streaming)).contains("data: [DONE]");
    }
  }
}
