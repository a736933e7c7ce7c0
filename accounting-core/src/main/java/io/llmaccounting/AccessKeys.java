package io.llmaccounting;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.FormerDigest;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.access.UnknownKeyException;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.internal.access.AccessDesk;
import io.llmaccounting.internal.access.AuditedKey;
import io.llmaccounting.internal.access.NewSecret;
import io.llmaccounting.internal.audit.AdminTrail;
import io.llmaccounting.internal.cache.KnownKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keys by which callers are known. A secret is shown once, when it is made; only its digest is
 * kept. Changes are seen at once in this process, and by others within the accounting's staleness;
 * each leaves an audit entry. Safe for use by many threads.
 */
public final class AccessKeys {
  private static final int PAGE = 500;
  private static final int MOST_TRIES = 100;
  private static final Duration LONGEST_GRACE = Duration.ofDays(365);

  private final AccessDesk desk;
  private final AccessKeyStore store;
  private final AdminTrail trail;

  AccessKeys(AccessDesk desk) {
    this(desk, desk.trail());
  }

  private AccessKeys(AccessDesk desk, AdminTrail trail) {
    this.desk = desk;
    this.store = desk.store();
    this.trail = trail;
  }

  /**
   * Returns these keys, changed by {@code actor}: audit entries of changes made through what is
   * returned name them, in place of the accounting's own {@link LlmAccountingBuilder#actor actor}.
   *
   * @param actor 1 to 256 characters, like any other name
   */
  public AccessKeys by(String actor) {
    return new AccessKeys(desk, trail.by(actor));
  }

  /**
   * Makes a key. Its secret is in what is returned and nowhere else.
   *
   * @throws io.llmaccounting.directory.UnknownNameException if names are enforced, and its project
   *     or user is unknown
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public IssuedKey issue(AccessTerms terms) {
    desk.requireNames(terms);
    NewSecret secret = desk.newSecret();
    Instant now = desk.settings().now();
    AccessKey key =
        new AccessKey(
            desk.settings().newId(now),
            terms,
            secret.digest(),
            null,
            secret.hint(),
            now,
            null,
            null);
    if (!store.add(key)) {
      throw new IllegalStateException(
          "the id or the digest of a new key is taken: this Java's random numbers repeat");
    }
    KnownKeys.added();
    trail.append("key issued", AuditedKey.issued(key));
    return new IssuedKey(key, secret.text());
  }

  /**
   * Says what a secret is good for, and notes that its key is used. Keys are found by the digest of
   * the secret and by nothing else, so that how long it takes tells nothing about other secrets.
   * While the store is away, keys that were read before stay as they were then, until they expire.
   *
   * @throws io.llmaccounting.backend.BackendException if the store is away and the key was not read
   *     before: it may be valid
   */
  public Resolution resolve(String secret) {
    return desk.resolve(secret);
  }

  /**
   * Says what a secret is good for, as {@link #resolve} does, and never waits: what is known is
   * said at once, otherwise the store is asked on a thread of the accounting's own. The stage fails
   * with what {@link #resolve} would throw.
   */
  public CompletionStage<Resolution> resolveAsync(String secret) {
    return desk.resolveAsync(secret);
  }

  /** The key of this id. */
  public Optional<AccessKey> find(UUID id) {
    return store.find(id);
  }

  /**
   * A page of keys, by name and id, revoked and expired ones included. When they were last used is
   * written down within half a minute.
   */
  public List<AccessKey> list(AccessKeyQuery query) {
    return store.list(query);
  }

  /**
   * Changes the terms of a key; its secret stays.
   *
   * @param change makes the new terms of the present ones; called again if somebody else changes
   *     the key meanwhile
   * @throws UnknownKeyException if there is no such key
   * @throws io.llmaccounting.directory.UnknownNameException if names are enforced, and its project
   *     or user is unknown
   */
  public AccessKey change(UUID id, UnaryOperator<AccessTerms> change) {
    Change done =
        replace(
            id,
            key -> {
              AccessTerms terms = change.apply(key.terms());
              desk.requireNames(terms);
              return key.withTerms(terms);
            });
    if (done.isOne()) {
      trail.append("key changed", AuditedKey.changed(done.before(), done.after()));
    }
    return done.after();
  }

  /**
   * Revokes a key for good.
   *
   * @return false if it was revoked before
   * @throws UnknownKeyException if there is no such key
   */
  public boolean revoke(UUID id) {
    Change done = replace(id, key -> key.revoked(desk.settings().now()));
    if (done.isOne()) {
      trail.append("key revoked", AuditedKey.of(done.after()));
    }
    return done.isOne();
  }

  /**
   * Revokes for good all keys that a project has when this begins, one after the other. If it
   * breaks off, calling it again revokes the rest.
   *
   * @return how many were revoked by this
   */
  public long revokeAll(String project) {
    long revoked = 0;
    AccessKeyQuery query = AccessKeyQuery.first(PAGE).ofProject(project);
    for (List<AccessKey> page = store.list(query);
        !page.isEmpty();
        page = store.list(query.after(page.get(page.size() - 1).position()))) {
      for (AccessKey key : page) {
        revoked += key.revokedAt() == null && revoke(key.id()) ? 1 : 0;
      }
    }
    return revoked;
  }

  /** Gives a key another secret, as {@link #rotate(UUID, Duration)} does without a grace. */
  public IssuedKey rotate(UUID id) {
    return rotate(id, Duration.ZERO);
  }

  /**
   * Gives a key another secret; all else stays.
   *
   * @param grace how long the present secret stays good, up to 365 days; one that it had before is
   *     good no more
   * @throws UnknownKeyException if there is no such key
   * @throws IllegalStateException if it is revoked
   */
  public IssuedKey rotate(UUID id, Duration grace) {
    if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
      throw new IllegalArgumentException("grace must be from PT0S to P365D, was " + grace);
    }
    NewSecret secret = desk.newSecret();
    Change done =
        replace(
            id,
            key -> {
              if (key.revokedAt() != null) {
                throw new IllegalStateException(
                    "key %s was revoked at %s; issue another one".formatted(id, key.revokedAt()));
              }
              return key.rotated(secret.digest(), secret.hint(), former(key, grace));
            });
    trail.append("key rotated", AuditedKey.rotated(done.after()));
    return new IssuedKey(done.after(), secret.text());
  }

  private @Nullable FormerDigest former(AccessKey key, Duration grace) {
    Instant end = desk.settings().now().plus(grace).truncatedTo(ChronoUnit.MICROS);
    return grace.isZero() ? null : new FormerDigest(key.digest(), end);
  }

  private record Change(AccessKey before, AccessKey after) {
    boolean isOne() {
      return !before.equals(after);
    }
  }

  private Change replace(UUID id, UnaryOperator<AccessKey> change) {
    Objects.requireNonNull(id, "id is required, was null");
    for (int i = 0; i < MOST_TRIES; i++) {
      AccessKey before = store.find(id).orElseThrow(() -> new UnknownKeyException(id));
      Change wanted = new Change(before, change.apply(before));
      if (!wanted.isOne()) {
        return wanted;
      }
      if (store.replace(before, wanted.after())) {
        KnownKeys.changed(before, wanted.after());
        return wanted;
      }
    }
    throw new IllegalStateException(
        "key %s was changed by others %d times meanwhile; try again".formatted(id, MOST_TRIES));
  }
}
