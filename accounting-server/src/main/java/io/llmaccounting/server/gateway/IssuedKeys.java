package io.llmaccounting.server.gateway;

import io.llmaccounting.AccessKeys;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.usage.Attribution;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Knows callers by the keys that were issued to them. Safe for use by many threads. */
public final class IssuedKeys implements KeyRing {
  /** The tag that calls have which came with a key: its id, so that limits can be set for it. */
  public static final String TAG = "key";

  private final AccessKeys keys;

  /** Asks {@code keys}. */
  public IssuedKeys(AccessKeys keys) {
    this.keys = keys;
  }

  @Override
  public CompletionStage<Caller> resolve(String secret) {
    return keys.resolveAsync(secret).thenApply(IssuedKeys::caller);
  }

  /** However a key is not good, the answer has the same length. */
  private static Caller caller(Resolution resolution) {
    if (resolution instanceof Resolution.Valid valid) {
      return caller(valid.key());
    }
    if (resolution instanceof Resolution.Revoked) {
      throw refused(Refusal.Code.KEY_REVOKED, "this key was revoked; ask for another one");
    }
    if (resolution instanceof Resolution.Expired) {
      throw refused(Refusal.Code.KEY_EXPIRED, "this key has expired; ask for another one");
    }
    throw refused(Refusal.Code.INVALID_KEY, "this key is nobody's; ask for another one");
  }

  private static Caller caller(AccessKey key) {
    if (!key.terms().roles().contains(AccessRole.CALL)) {
      throw refused(Refusal.Code.FORBIDDEN, "this key may not call models");
    }
    Attribution whose = key.terms().attribution();
    TreeMap<String, String> tags = new TreeMap<>(whose.tags());
    tags.put(TAG, key.id().toString());
    Attribution named = new Attribution(whose.project(), whose.user(), null, null, tags);
    return new Caller(
        key.id().toString(),
        named,
        key::allowsModel,
        provider -> key.terms().providers().isEmpty() || key.allowsProvider(provider),
        null,
        !key.terms().models().isEmpty());
  }

  private static RefusedException refused(Refusal.Code code, String message) {
    return new RefusedException(Refusal.of(code, message));
  }
}
