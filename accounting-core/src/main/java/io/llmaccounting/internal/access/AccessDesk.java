package io.llmaccounting.internal.access;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.backend.AccessBackend;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.cache.KnownKeys;
import io.llmaccounting.internal.calls.Chores;
import io.llmaccounting.internal.calls.NameRule;
import io.llmaccounting.internal.health.Breaker;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.Stages;
import io.llmaccounting.internal.settings.CallSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What the keys and the credentials of an accounting share. Safe for use by many threads. */
public final class AccessDesk {
  private static final Resolution UNKNOWN = new Resolution.Unknown();

  private final Parts parts;
  private final AccessBackend backend;
  private final KnownKeys keys;
  private final LastUses uses;

  /**
   * The parts of an accounting that keys need.
   *
   * @param staleness how long what others change may go unseen
   * @param chores writes when keys were last used
   */
  public record Parts(
      UsageBackend backend,
      CallSettings settings,
      Duration staleness,
      Breaker breaker,
      GroupCommit commits,
      NameRule names,
      Chores chores,
      AdminTrail trail,
      Secrets secrets) {}

  AccessDesk(Parts parts) {
    this.parts = parts;
    this.backend = required(parts.backend());
    AccessKeyStore store = backend.accessKeys();
    this.keys = new KnownKeys(store, parts.settings().clock(), parts.staleness(), parts.breaker());
    this.uses = new LastUses(store, parts.breaker(), parts.chores(), LastUses.WRITE_MILLIS);
  }

  private static AccessBackend required(UsageBackend backend) {
    if (backend instanceof AccessBackend access) {
      return access;
    }
    throw new UnsupportedOperationException(
        "the backend must be an AccessBackend to keep keys and credentials, was "
            + backend.getClass().getName());
  }

  /** Where keys are. */
  public AccessKeyStore store() {
    return backend.accessKeys();
  }

  /** Where credentials are. */
  public CredentialStore credentials() {
    return backend.credentials();
  }

  /**
   * Asks for whose objects are, unless the store is known to be away.
   *
   * @throws BackendException if the store fails, at once while it is away
   */
  public <T> T withOwnedObjects(Function<OwnedObjectStore, T> asking) {
    return parts.breaker().read(() -> asking.apply(backend.ownedObjects()));
  }

  /** What is shared by all that an accounting does. */
  public CallSettings settings() {
    return parts.settings();
  }

  /** Leaves an entry for each act. */
  public AdminTrail trail() {
    return parts.trail();
  }

  /** A new secret. */
  public NewSecret newSecret() {
    return NewSecret.of(parts.secrets().create());
  }

  /**
   * Refuses terms with names that may not be used.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if one is not known, or not active
   */
  public void requireNames(AccessTerms terms) {
    parts.names().require(terms.attribution());
  }

  /**
   * Says what a secret is good for.
   *
   * @throws BackendException if the store is away and the key is not known
   */
  public Resolution resolve(String secret) {
    String digest = Secrets.digest(secret);
    return digest == null ? UNKNOWN : told(digest, keys.find(digest));
  }

  /** Says it without waiting; what is known is said at once. */
  public CompletableFuture<Resolution> resolveAsync(String secret) {
    String digest = Secrets.digest(secret);
    if (digest == null) {
      return CompletableFuture.completedFuture(UNKNOWN);
    }
    KnownKeys.Known known = keys.known(digest);
    if (known != null) {
      return CompletableFuture.completedFuture(told(digest, known.found()));
    }
    if (parts.breaker().isOpen()) {
      // it may have opened since: then what was read once is good
      KnownKeys.Known once = keys.known(digest);
      return once != null
          ? CompletableFuture.completedFuture(told(digest, once.found()))
          : CompletableFuture.failedFuture(parts.breaker().refusal());
    }
    return parts
        .commits()
        .staged()
        .shown(
            way ->
                way.reading(() -> keys.find(digest))
                    .exceptionally(failure -> whileAway(digest, failure))
                    .thenApply(found -> told(digest, found)));
  }

  // the store has not answered in time
  private Optional<AccessKey> whileAway(String digest, Throwable failure) {
    RuntimeException reason = Stages.thrown(failure);
    if (reason instanceof BackendException away) {
      return keys.whileAway(digest, away);
    }
    throw reason;
  }

  private Resolution told(String digest, Optional<AccessKey> found) {
    if (found.isEmpty()) {
      return UNKNOWN;
    }
    AccessKey key = found.get();
    Instant now = parts.settings().now();
    if (key.revokedAt() != null) {
      return new Resolution.Revoked(key);
    }
    if (key.hasExpiredAt(now) || !key.isOpenedBy(digest, now)) {
      return new Resolution.Expired(key);
    }
    uses.note(key.id(), now);
    return new Resolution.Valid(key);
  }

  /** Writes when keys were last used, waiting at most so long. */
  void close(Duration most) {
    Stages.await(
        parts.commits().staged().shown(way -> way.reading(uses::write)),
        System.nanoTime() + most.toNanos());
  }
}
