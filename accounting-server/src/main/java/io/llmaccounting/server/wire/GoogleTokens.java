package io.llmaccounting.server.wire;

import io.llmaccounting.server.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of Google's service accounts, for Vertex AI. One is fetched when it is needed, kept
 * until shortly before it expires, and fetched once however many ask for it at once. Safe for use
 * by many threads.
 */
public final class GoogleTokens {
  /** Calls that begin with a token must also end with it. */
  private static final Duration SPARE = Duration.ofMinutes(5);

  private final InstantSource time;
  private final Function<Grant, CompletionStage<String>> fetch;
  private final Map<Secret, CompletableFuture<Token>> tokens = new ConcurrentHashMap<>();

  /**
   * Fetches tokens through {@code fetch}.
   *
   * @param time tells when a token expires
   * @param fetch posts a form and returns the answer's body; fails where the status is not 200
   */
  public GoogleTokens(InstantSource time, Function<Grant, CompletionStage<String>> fetch) {
    this.time = time;
    this.fetch = fetch;
  }

  /**
   * A form to be posted for a token.
   *
   * @param target where to: as the account's key says, by https
   * @param form what, as {@code application/x-www-form-urlencoded}; a secret
   */
  public record Grant(URI target, String form) {
    @Override
    public String toString() {
      return "Grant[" + target + "]";
    }
  }

  private record Token(Secret text, Instant until) {}

  /** Whether a credential is the JSON of a service account's key, and no token itself. */
  public static boolean isServiceAccount(Secret credential) {
    return credential.reveal().stripLeading().startsWith("{");
  }

  /**
   * The token that {@code credential} gives at the moment; {@code credential} itself where it is no
   * service account's.
   *
   * @return fails with {@link IllegalArgumentException} where the key or what is answered for it
   *     cannot be read, and as the fetch does; the next call tries again
   */
  public CompletionStage<Secret> token(Secret credential) {
    if (!isServiceAccount(credential)) {
      return CompletableFuture.completedFuture(credential);
    }
    Instant now = time.instant();
    tokens.values().removeIf(token -> isOver(token, now));
    CompletableFuture<Token> mine = new CompletableFuture<>();
    CompletableFuture<Token> kept = tokens.putIfAbsent(credential, mine);
    if (kept != null) {
      return kept.thenApply(Token::text);
    }
    try {
      Grant grant = ServiceAccount.read(credential).grant(now);
      fetch
          .apply(grant)
          .thenApply(answer -> token(answer, now))
          .whenComplete((token, failure) -> complete(credential, mine, token, failure));
    } catch (RuntimeException e) {
      complete(credential, mine, null, e);
    }
    return mine.thenApply(Token::text);
  }

  private void complete(
      Secret credential,
      CompletableFuture<Token> mine,
      @Nullable Token token,
      @Nullable Throwable failure) {
    if (token != null) {
      mine.complete(token);
      return;
    }
    tokens.remove(credential, mine);
    mine.completeExceptionally(
        failure == null ? new IllegalArgumentException("there is no token") : failure);
  }

  private static boolean isOver(CompletableFuture<Token> token, Instant now) {
    return token.isDone() && !token.isCompletedExceptionally() && !token.join().until.isAfter(now);
  }

  private static Token token(String answer, Instant now) {
    Map<String, String> told = ServiceAccount.fields(answer, "answer for a token");
    String text = told.get("access_token");
    String seconds = told.get("expires_in");
    if (text == null || seconds == null || !seconds.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "answer for a token must have access_token and expires_in");
    }
    return new Token(Secret.of(text), now.plusSeconds(Long.parseLong(seconds)).minus(SPARE));
  }
}
