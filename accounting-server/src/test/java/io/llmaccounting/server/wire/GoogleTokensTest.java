package io.llmaccounting.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.server.config.Secret;
import io.llmaccounting.testkit.ManualClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoogleTokensTest {
  private static final KeyPair KEYS = keys();

  private final ManualClock clock = ManualClock.create();
  private final List<GoogleTokens.Grant> asked = new ArrayList<>();
  private final List<CompletableFuture<String>> answers = new ArrayList<>();
  private final GoogleTokens tokens = new GoogleTokens(clock, this::fetch);

  @Test
  void fetchesOneTokenForAllThatAskAndKeepsItUntilShortlyBeforeItExpires() {
    CompletionStage<Secret> first = tokens.token(account());
    CompletionStage<Secret> second = tokens.token(account());
    assertThat(asked).hasSize(1);
    answers
        .get(0)
        .complete("{\"access_token\":\"t1\",\"expires_in\":3600,\"token_type\":\"Bearer\"}");

    assertThat(first.toCompletableFuture()).isCompletedWithValue(Secret.of("t1"));
    assertThat(second.toCompletableFuture()).isCompletedWithValue(Secret.of("t1"));
    clock.advance(Duration.ofMinutes(54));
    assertThat(tokens.token(account()).toCompletableFuture()).isCompletedWithValue(Secret.of("t1"));
    clock.advance(Duration.ofMinutes(1));
    tokens.token(account());
    assertThat(asked).hasSize(2);
  }

  @Test
  void asksWithASignedAssertion() throws GeneralSecurityException {
    tokens.token(account());

    GoogleTokens.Grant grant = asked.get(0);
    assertThat(grant.target()).isEqualTo(URI.create("https://oauth2.googleapis.com/token"));
    assertThat(grant.toString()).isEqualTo("Grant[https://oauth2.googleapis.com/token]");
    String prefix = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    assertThat(grant.form()).startsWith(prefix);
    String[] parts = grant.form().substring(prefix.length()).split("\\.");
    assertThat(decoded(parts[0])).isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"kid1\"}");
    assertThat(decoded(parts[1]))
        .isEqualTo(
            "{\"iss\":\"a@p.iam.gserviceaccount.com\",\"scope\":\"https://www.googleapis.com/auth/cloud-platform\","
                + "\"aud\":\"https://oauth2.googleapis.com/token\",\"iat\":1772442000,\"exp\":1772445600}");
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(KEYS.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
  }

  @Test
  void triesAgainAfterAFailure() {
    CompletionStage<Secret> first = tokens.token(account());
    answers.get(0).completeExceptionally(new IllegalStateException("status 500"));

    assertThatThrownBy(() -> first.toCompletableFuture().join()).hasRootCauseMessage("status 500");
    tokens.token(account());
    assertThat(asked).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|answer for a token must have access_token and expires_in",
        "{\"access_token\":\"hush\",\"expires_in\":-1}|answer for a token must have access_token and expires_in",
        "hush|answer for a token must be a JSON object"
      })
  void saysWhatIsWrongWithAnAnswer(String answer, String message) {
    CompletionStage<Secret> token = tokens.token(account());
    answers.get(0).complete(answer);

    assertThatThrownBy(() -> token.toCompletableFuture().join()).hasRootCauseMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"hush\":1|service account's key must be a JSON object",
        "{\"client_email\":\"hush\"}|service account's key must have client_email and private_key",
        "{\"client_email\":\"e\",\"private_key\":\"hush\"}|private_key must be an RSA key in PEM, PKCS #8",
        "{\"client_email\":\"e\",\"private_key\":\"AAAA\"}|private_key must be an RSA key in PEM, PKCS #8",
        "{\"client_email\":\"e\",\"private_key\":\"k\",\"token_uri\":\"http://x\"}|token_uri must begin with https, was http://x"
      })
  void saysWhatIsWrongWithAKey(String key, String message) {
    assertThatThrownBy(() -> tokens.token(Secret.of(key)).toCompletableFuture().join())
        .hasRootCauseMessage(message);
    assertThat(asked).isEmpty();
  }

  @Test
  void passesATokenAsItIs() {
    assertThat(tokens.token(Secret.of("ya29.x")).toCompletableFuture())
        .isCompletedWithValue(Secret.of("ya29.x"));
    assertThat(asked).isEmpty();
  }

  @Test
  void showsNoKey() {
    assertThat(ServiceAccount.read(account()).toString())
        .isEqualTo("ServiceAccount[a@p.iam.gserviceaccount.com]");
  }

  private CompletionStage<String> fetch(GoogleTokens.Grant grant) {
    asked.add(grant);
    CompletableFuture<String> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  private static Secret account() {
    String pem =
        "-----BEGIN PRIVATE KEY-----\\n"
            + Base64.getEncoder().encodeToString(KEYS.getPrivate().getEncoded())
            + "\\n-----END PRIVATE KEY-----\\n";
    return Secret.of(
        "{\"type\":\"service_account\",\"private_key_id\":\"kid1\",\"private_key\":\"%s\",\"client_email\":\"a@p.iam.gserviceaccount.com\"}"
            .formatted(pem));
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2_048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
