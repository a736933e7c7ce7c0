package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.tap.fake.FakeAnswer;
import io.llmaccounting.tap.fake.ProviderShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest client sends, byte by byte. */
class HostileRequestsTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;
  private static final String BODY = CHAT.request("Hi", 10, false);
  private static final String HEAD =
      "Host: gateway\r\nAuthorization: Bearer " + KEY + "\r\nConnection: close\r\n";

  /** Sends bytes, and returns all that comes back until the connection is closed. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway().port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String post(String headers, String body) {
    return "POST /v1/chat/completions HTTP/1.1\r\n" + HEAD + headers + "\r\n" + body;
  }

  private void isRefused(String answer) {
    assertThat(answer).matches("(?s)(HTTP/1\\.[01] 4\\d\\d .*)?");
    assertThat(provider.count()).isZero();
    assertThat(records()).isEmpty();
  }

  @Test
  void anHonestRequestPasses() throws Exception {
    assertThat(raw(post("Content-Length: " + BODY.length() + "\r\n", BODY)))
        .startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X-Folded: a\r\n b\r\nContent-Length: 1\r\nbad header\r\n",
        "X\u0000: a\r\nContent-Length: 5\r\n"
      })
  void whatCanBeReadInTwoWaysIsRefused(String headers) throws Exception {
    isRefused(raw(post(headers, "0\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")));
  }

  @Test
  void aChunkThatIsNoneIsRefused() throws Exception {
    isRefused(raw(post("Transfer-Encoding: chunked\r\n", "zz\r\n" + BODY + "\r\n0\r\n\r\n")));
  }

  @Test
  void headersAndLinesThatAreTooLongAreRefused() throws Exception {
    isRefused(raw(post("X-Long: " + "a".repeat(100_000) + "\r\nContent-Length: 0\r\n", "")));
    isRefused(raw("GET /v1/" + "a".repeat(50_000) + " HTTP/1.1\r\n" + HEAD + "\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/openai/../health/live",
        "/openai/v1/%2e%2e/%2e%2e/admin",
        "/openai/v1/..%2f..%2fadmin",
        "/openai/v1/%5c..%5cadmin",
        "/openai//v1/models",
        "/openai/v1/%00",
        "/openai/v1/a;/../b",
        "/%6fpenai/v1/models",
        "/nowhere/v1/models",
        "/..",
        "//openai/v1/models",
        "http://169.254.169.254/latest/meta-data/"
      })
  void aPathThatLeadsElsewhereIsRefused(String path) throws Exception {
    isRefused(raw("GET " + path + " HTTP/1.1\r\n" + HEAD + "\r\n"));
  }

  @Test
  void aHeaderCannotBeSmuggledThroughWhatIsPassedOn() throws Exception {
    String answer =
        raw(
            post(
                "X-Accounting-Tags: a=b%0d%0aX-Evil: 1\r\nX-Other: a%0d%0ab\r\nContent-Length: "
                    + BODY.length()
                    + "\r\n",
                BODY));

    assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("X-Evil: 1\r\n");
    assertThat(provider.requests().get(0).headers()).doesNotContainKey("x-evil");
  }

  @Test
  void headersThatConnectionNamesAreNotPassedOnAndCredentialsNever() throws Exception {
    raw(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer "
            + KEY
            + "\r\nConnection: X-Secret\r\nX-Secret: 1\r\nCookie: a=b\r\nContent-Length: "
            + BODY.length()
            + "\r\n\r\n"
            + BODY
            + "GET /health/live HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");

    assertThat(provider.requests().get(0).headers())
        .doesNotContainKeys("x-secret", "cookie")
        .doesNotContainValue("Bearer " + KEY);
  }

  @Test
  void anAnswerThatUnpacksToMoreThanItShouldTakesNoMemory() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 400; i++) {
        gzip.write(zeros);
      }
    }
    provider.answering(
        FakeAnswer.json(new String(packed.toByteArray(), StandardCharsets.ISO_8859_1))
            .header("X-Kind", "bomb"));

    assertThat(send(asking(CHAT, false)).statusCode()).isEqualTo(200);
    assertThat(heard().tokens().output()).isLessThan(1_000_000);
  }

  @Test
  void aKeyInAQueryIsNeitherPassedOnNorShown() throws Exception {
    String answer =
        raw(
            "GET /gemini/v1beta/models?key="
                + KEY
                + "&pageSize=2 HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 404 ").doesNotContain(KEY);
    assertThat(provider.requests().get(0).target()).isEqualTo("/v1beta/models?pageSize=2");
  }

  @Test
  void twoKeysThatDifferAreNotGuessedAbout() throws Exception {
    isRefused(
        raw(post("x-api-key: sk-acc-other\r\nContent-Length: " + BODY.length() + "\r\n", BODY)));
  }

  @Test
  void jsonThatIsSentAsAFormIsSentOnAsJson() throws Exception {
    raw(
        post(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + BODY.length()
                + "\r\n",
            BODY));

    assertThat(provider.requests().get(0).headers())
        .containsEntry("content-type", "application/json");
  }

  @Test
  void aClientThatIsRefusedBeforeItsBodyIsThereIsTurnedAway() throws Exception {
    assertThat(raw("POST /nowhere HTTP/1.1\r\n" + HEAD + "Content-Length: 100000000\r\n\r\nabc"))
        .startsWith("HTTP/1.1 404 ")
        .contains("\"error\"");
  }
}
