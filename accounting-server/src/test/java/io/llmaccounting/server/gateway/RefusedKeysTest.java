package io.llmaccounting.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.tap.fake.ProviderShape;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What somebody learns who tries keys: nothing of keys that he does not hold whole. They are found
 * by their digest and compared with nothing.
 */
class RefusedKeysTest extends GatewayScene {
  private static final ProviderShape CHAT = ProviderShape.OPENAI_CHAT;

  @Override
  KeyRing keys() {
    return new IssuedKeys(accounting.access());
  }

  private HttpResponse<String> ask(String key) throws Exception {
    return send(
        HttpRequest.newBuilder(asking(CHAT, false), (name, value) -> true)
            .setHeader("Authorization", "Bearer " + key)
            .build());
  }

  private static String changed(String secret, int at) {
    char other = secret.charAt(at) == 'A' ? 'B' : 'A';
    return secret.substring(0, at) + other + secret.substring(at + 1);
  }

  private static Map<String, List<String>> headers(HttpResponse<String> response) {
    return new TreeMap<>(response.headers().map());
  }

  @Test
  void aKeyThatIsAlmostRightIsRefusedAsOneThatIsAllWrong() throws Exception {
    IssuedKey key = accounting.access().issue(AccessTerms.named("laptop"));
    int end = key.secret().length();
    assertThat(ask(key.secret()).statusCode()).isEqualTo(200);
    HttpResponse<String> wrong = ask("sk-acc-" + "x".repeat(43));

    for (int at : new int[] {7, end / 2, end - 2}) {
      HttpResponse<String> almost = ask(changed(key.secret(), at));

      assertThat(almost.statusCode()).isEqualTo(401);
      assertThat(almost.body()).isEqualTo(wrong.body());
      assertThat(headers(almost)).isEqualTo(headers(wrong));
    }
    assertThat(ask(key.secret().substring(0, end - 1)).body()).isEqualTo(wrong.body());
    assertThat(provider.count()).isEqualTo(1);
  }

  @Test
  void unknownRevokedAndExpiredKeysGetAnswersOfOneShapeAndLength() throws Exception {
    IssuedKey revoked = accounting.access().issue(AccessTerms.named("lost"));
    accounting.access().revoke(revoked.key().id());
    IssuedKey expired =
        accounting
            .access()
            .issue(AccessTerms.named("old").withExpiry(Instant.parse("2020-01-01T00:00:00Z")));

    HttpResponse<String> unknown = ask("sk-acc-" + "x".repeat(43));
    for (String secret : List.of(revoked.secret(), expired.secret())) {
      HttpResponse<String> refused = ask(secret);

      assertThat(refused.statusCode()).isEqualTo(unknown.statusCode()).isEqualTo(401);
      assertThat(refused.body()).hasSameSizeAs(unknown.body()).doesNotContain(secret);
      assertThat(headers(refused)).containsOnlyKeys(headers(unknown).keySet());
      assertThat(headers(refused).get("content-length"))
          .isEqualTo(headers(unknown).get("content-length"));
    }
    assertThat(provider.count()).isZero();
  }
}
