package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.wire.Credentials;
import io.llmaccounting.server.wire.Refusal;

/** What requests must bring to be anybody's. */
final class Callers {
  private Callers() {}

  /**
   * The key that was found in a request.
   *
   * @throws RefusedException if there is none, or not one alone
   */
  static String secret(Credentials.Found found) {
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
              "no key was sent; send a key of this gateway where the provider wants its own"));
    }
    return key.reveal();
  }
}
