package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.wire.Credentials;
import io.llmaccounting.server.wire.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who callers are, by what their requests bring. Safe for use by many threads. */
final class Callers {
  /** What keys of ours begin with. */
  private static final String OURS = "sk-acc-";

  private final KeyRing keys;
  private final boolean passThrough;

  /**
   * @param passThrough whether callers without a key of ours may bring the provider's own
   */
  Callers(KeyRing keys, boolean passThrough) {
    this.keys = keys;
    this.passThrough = passThrough;
  }

  /**
   * Who it is that brings this.
   *
   * @throws RefusedException if no key was found, or not one alone
   */
  CompletionStage<Caller> find(Credentials.Found found) {
    Secret secret = secret(found);
    return passThrough && !secret.reveal().startsWith(OURS)
        ? CompletableFuture.completedFuture(Caller.bringing(secret))
        : keys.resolve(secret.reveal());
  }

  private static Secret secret(Credentials.Found found) {
    if (found.ambiguous()) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.AMBIGUOUS_KEY,
              "two keys were sent that differ; send one, where the provider wants its own"));
    }
    Secret key = found.key();
    if (key == null) {
      throw new RefusedException(
          Refusal.of(
              Refusal.Code.INVALID_KEY,
              "no key was found; send a key of this gateway as Authorization: Bearer KEY, or in"
                  + " x-api-key, api-key, x-goog-api-key or ?key="));
    }
    return key;
  }
}
