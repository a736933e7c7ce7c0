package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.testkit.ManualClock;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {
  private static final Secret KEY = Secret.of("sk-acc-1");

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer sk-acc-1",
    "authorization, bearer sk-acc-1",
    "AUTHORIZATION, 'BEARER  sk-acc-1 '",
    "x-api-key, sk-acc-1",
    "X-Api-Key, ' sk-acc-1'",
    "api-key, sk-acc-1",
    "x-goog-api-key, sk-acc-1",
    "Sec-WebSocket-Protocol, 'realtime, openai-insecure-api-key.sk-acc-1, openai-beta.realtime-v1'"
  })
  void findsAndRemovesEveryFormInHeaders(String name, String value) {
    MultiMap headers = headers("Accept", "*/*", name, value);

    assertThat(Credentials.find(headers, null)).isEqualTo(new Credentials.Found(KEY, false));
    Credentials.strip(headers);

    assertThat(Credentials.find(headers, null)).isEqualTo(new Credentials.Found(null, false));
    assertThat(headers.toString()).doesNotContain("sk-acc-1");
    assertThat(headers.get("accept")).isEqualTo("*/*");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "key=sk-acc-1, none",
        "alt=sse&key=sk-acc-1, alt=sse",
        "key=sk-acc-1&alt=sse, alt=sse",
        "a=%2F%zz&&key=sk-acc-1&b=+&=, a=%2F%zz&&b=+&=",
        "%6Bey=sk%2Dacc-1&x, x",
        "api-key=sk-acc-1&api-version=1, api-version=1",
        "access_token=sk-acc-1, none",
      })
  void findsAndRemovesEveryFormInTheQuery(String query, @Nullable String rest) {
    assertThat(Credentials.find(headers(), query)).isEqualTo(new Credentials.Found(KEY, false));

    assertThat(Credentials.strip(query)).isEqualTo(rest);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none", "''", "key", "monkey=1", "filter[key]=2", "a=key=b", "Key=1", "a=1&b=%"})
  void leavesEveryOtherQueryAsItIs(@Nullable String query) {
    assertThat(Credentials.find(headers(), query).key()).isNull();
    assertThat(Credentials.strip(query)).isEqualTo(query);
  }

  @Test
  void leavesRandomQueriesWithoutCredentialsAsTheyAre() {
    Random random = new Random(11);
    for (int run = 0; run < 20_000; run++) {
      StringBuilder query = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        query.append("key=&%+6Bab-".charAt(random.nextInt(12)));
      }
      boolean told = Credentials.find(headers(), query.toString()).key() != null;
      String rest = Credentials.strip(query.toString());

      if (told) {
        assertThat(rest).as("query %s", query).isNotEqualTo(query.toString());
        assertThat(Credentials.find(headers(), rest).key()).as("query %s", query).isNull();
      }
    }
  }

  @Test
  void takesTheSameKeyInTwoFormsAsOne() {
    MultiMap headers = headers("Authorization", "Bearer sk-acc-1", "x-api-key", "sk-acc-1");

    assertThat(Credentials.find(headers, "key=sk-acc-1").key()).isEqualTo(KEY);
  }

  @Test
  void choosesNoneOfTwoKeys() {
    MultiMap twice = headers("x-api-key", "a", "x-api-key", "b");

    assertThat(Credentials.find(headers("Authorization", "Bearer a", "api-key", "b"), null))
        .isEqualTo(new Credentials.Found(null, true));
    assertThat(Credentials.find(twice, null).ambiguous()).isTrue();
    assertThat(Credentials.find(headers("api-key", "a"), "key=b").ambiguous()).isTrue();
  }

  @Test
  void takesNothingForAKeyThatIsNone() {
    MultiMap headers =
        headers("Authorization", "Basic YTpi", "Authorization", "Bearer ", "x-api-key", " ");

    assertThat(Credentials.find(headers, "key=")).isEqualTo(new Credentials.Found(null, false));
    Credentials.strip(headers);
    assertThat(headers.isEmpty()).isTrue();
  }

  @Test
  void removesOnlyTheKeyFromSubprotocols() {
    MultiMap headers =
        headers("Sec-WebSocket-Protocol", "realtime,openai-insecure-api-key.k , other");

    assertThat(Credentials.subprotocols(headers)).containsExactly("realtime", "other");
    Credentials.strip(headers);
    assertThat(headers.get("Sec-WebSocket-Protocol")).isEqualTo("realtime, other");
  }

  @Test
  void removesSignaturesOfCallers() {
    MultiMap headers =
        headers(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=x",
            "X-Amz-Date",
            "20260101T000000Z",
            "X-Amz-Security-Token",
            "t",
            "X-Amz-Content-Sha256",
            "00",
            "X-Amzn-Trace-Id",
            "Root=1");

    Credentials.strip(headers);

    assertThat(headers.names()).containsExactly("X-Amzn-Trace-Id");
  }

  @ParameterizedTest
  @CsvSource({
    "BEARER, authorization, Bearer up",
    "X_API_KEY, x-api-key, up",
    "API_KEY, api-key, up",
    "X_GOOG_API_KEY, x-goog-api-key, up"
  })
  void setsExactlyOneFormForTheUpstream(AuthScheme scheme, String name, String value) {
    MultiMap headers = headers();

    auth().apply(upstream(scheme, null), Secret.of("up"), outgoing(headers, null));

    assertThat(headers.entries()).hasSize(1);
    assertThat(headers.get(name)).isEqualTo(value);
  }

  @Test
  void setsNothingWhereNothingIsWanted() {
    MultiMap headers = headers();

    auth().apply(upstream(AuthScheme.NONE, null), Secret.of("up"), outgoing(headers, null));
    auth().apply(upstream(AuthScheme.BEARER, null), null, outgoing(headers, null));

    assertThat(headers.isEmpty()).isTrue();
  }

  @Test
  void saysWhatASignatureLacks() {
    UpstreamSettings nowhere = upstream(AuthScheme.AWS_SIGV4, null);
    UpstreamSettings somewhere = upstream(AuthScheme.AWS_SIGV4, "eu-west-1");
    Secret secret = Secret.of("hush");

    assertThatThrownBy(() -> auth().apply(nowhere, secret, outgoing(headers(), Buffer.buffer())))
        .hasMessage("upstream up needs a region for its requests to be signed");
    assertThatThrownBy(() -> auth().apply(somewhere, secret, outgoing(headers(), null)))
        .hasMessage("a request to upstream up must be read whole to be signed");
    assertThatThrownBy(() -> auth().apply(somewhere, secret, outgoing(headers(), Buffer.buffer())))
        .hasMessage("credential for a signature must be ID:SECRET[:TOKEN]");
  }

  private static UpstreamAuth auth() {
    return new UpstreamAuth(ManualClock.create());
  }

  private static UpstreamAuth.Outgoing outgoing(MultiMap headers, @Nullable Buffer body) {
    return new UpstreamAuth.Outgoing("POST", "/v1/x", headers, body);
  }

  static UpstreamSettings upstream(AuthScheme scheme, @Nullable String region) {
    UpstreamSettings plain =
        UpstreamSettings.of("up", UpstreamKind.BEDROCK, URI.create("https://example.org"), "p");
    return new UpstreamSettings(
        "up",
        plain.kind(),
        plain.base(),
        "p",
        scheme,
        region,
        null,
        plain.timeouts(),
        1,
        List.of(),
        plain.breaker());
  }

  static MultiMap headers(String... namesAndValues) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }
}
