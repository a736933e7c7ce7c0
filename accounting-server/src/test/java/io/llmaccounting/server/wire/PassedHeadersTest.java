package io.llmaccounting.server.wire;

import static io.llmaccounting.server.wire.CredentialsTest.headers;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassedHeadersTest {
  @Test
  void passesWhatItDoesNotKnowWithNameOrderAndDuplicates() {
    MultiMap headers =
        headers(
            "Anthropic-Beta",
            "b",
            "X-B",
            "1",
            "anthropic-beta",
            "a",
            "openai-organization",
            "o",
            "X-A",
            "2",
            "x-b",
            "3",
            "Content-Length",
            "12",
            "User-Agent",
            "u");

    assertThat(lines(PassedHeaders.toUpstream(headers))).isEqualTo(lines(headers));
    assertThat(lines(PassedHeaders.toClient(headers))).isEqualTo(lines(headers));
  }

  @Test
  void keepsWhatBelongsToAHop() {
    MultiMap headers =
        headers(
            "Connection",
            "keep-alive, X-Mine",
            "Keep-Alive",
            "timeout=5",
            "x-mine",
            "1",
            "TE",
            "t",
            "Trailer",
            "t",
            "Transfer-Encoding",
            "chunked",
            "Upgrade",
            "h2c",
            "HTTP2-Settings",
            "s",
            "Proxy-Connection",
            "p",
            "Proxy-Authenticate",
            "p",
            "X-Other",
            "1",
            ":authority",
            "a");

    assertThat(PassedHeaders.toUpstream(headers).names()).containsExactly("X-Other");
    assertThat(PassedHeaders.toClient(headers).names()).containsExactly("X-Other");
  }

  @Test
  void keepsWhatOnlyTheGatewayMayKnow() {
    MultiMap headers =
        headers(
            "Host",
            "gateway",
            "Expect",
            "100-continue",
            "Cookie",
            "c=1",
            "Authorization",
            "Bearer k",
            "x-api-key",
            "k",
            "X-Accounting-User",
            "alice",
            "Sec-WebSocket-Key",
            "w",
            "Sec-WebSocket-Protocol",
            "realtime",
            "Accept",
            "*/*");

    assertThat(PassedHeaders.toUpstream(headers).names()).containsExactly("Accept");
  }

  @Test
  void keepsWhatSpeaksOfTheUpstreamsAddress() {
    MultiMap headers =
        headers(
            "Set-Cookie",
            "a=1",
            "Set-Cookie",
            "b=1",
            "Alt-Svc",
            "h3",
            "Strict-Transport-Security",
            "max-age=1",
            "x-accounting-code",
            "forged",
            "retry-after",
            "7",
            "request-id",
            "r",
            "x-ratelimit-remaining-tokens",
            "5");

    assertThat(PassedHeaders.toClient(headers).names())
        .containsExactlyInAnyOrder("retry-after", "request-id", "x-ratelimit-remaining-tokens");
  }

  @Test
  void believesNoLengthThatCannotBeTrue() {
    MultiMap chunked = headers("Content-Length", "3", "Transfer-Encoding", "chunked");
    MultiMap twice = headers("Content-Length", "3", "content-length", "4");

    assertThat(PassedHeaders.toUpstream(chunked).isEmpty()).isTrue();
    assertThat(PassedHeaders.toUpstream(twice).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, gzip",
    "'gzip, deflate, br', gzip",
    "'br;q=1.0, GZIP;q=0.8, *;q=0.1', 'GZIP;q=0.8, gzip;q=0.1'",
    "'zstd, br', identity",
    "'identity, x-gzip', 'identity, x-gzip'",
    "'', identity"
  })
  void narrowsEncodingsToWhatTheTapReads(String asked, String passed) {
    assertThat(
            PassedHeaders.toUpstream(headers("Accept-Encoding", asked)).getAll("accept-encoding"))
        .containsExactly(passed);
  }

  @Test
  void narrowsEncodingsThatAreToldInSeveralHeaders() {
    MultiMap headers = headers("Accept-Encoding", "br", "accept-encoding", "gzip");

    assertThat(PassedHeaders.toUpstream(headers).getAll("accept-encoding")).containsExactly("gzip");
    assertThat(PassedHeaders.toUpstream(headers()).contains("accept-encoding")).isFalse();
  }

  @Test
  void passesRandomHeadersOrKeepsThemWhole() {
    Random random = new Random(4);
    String[] names = {"a", "A-b", "Connection", "HOST", "x-ACCOUNTING-z", "cookie", "c", "api-key"};
    for (int run = 0; run < 5_000; run++) {
      MultiMap headers = MultiMap.caseInsensitiveMultiMap();
      for (int i = random.nextInt(10); i > 0; i--) {
        headers.add(names[random.nextInt(names.length)], random.nextBoolean() ? "c" : "v" + i);
      }
      boolean cNamed = headers.getAll("connection").contains("c");
      List<String> expected =
          lines(headers).stream()
              .filter(
                  line -> {
                    String name = line.substring(0, line.indexOf('=')).toLowerCase(Locale.ROOT);
                    return name.equals("a") || name.equals("a-b") || (name.equals("c") && !cNamed);
                  })
              .toList();

      assertThat(lines(PassedHeaders.toUpstream(headers))).as("run %d", run).isEqualTo(expected);
    }
  }

  private static List<String> lines(MultiMap headers) {
    List<String> lines = new ArrayList<>();
    headers.forEach((name, value) -> lines.add(name + "=" + value));
    return lines;
  }
}
