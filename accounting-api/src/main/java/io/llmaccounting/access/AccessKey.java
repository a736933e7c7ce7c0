package io.llmaccounting.access;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.validation.Check;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key by which a caller is known. Its secret is kept nowhere: a key is found by the digest of it.
 *
 * @param id what the key is referred to by, unique
 * @param terms its name, whose it is and what it may do
 * @param digest SHA-256 of its secret, 64 lower-case hexadecimal digits, unique
 * @param former the secret that it had before and that is still good for a while, or null
 * @param hint by which people recognise the secret: its first characters and the last four
 * @param createdAt when it was issued
 * @param revokedAt when it was revoked, or null; it is never valid again
 * @param lastUsedAt when it was last used, as far as written down by now, or null if never
 */
public record AccessKey(
    UUID id,
    AccessTerms terms,
    String digest,
    @Nullable FormerDigest former,
    String hint,
    Instant createdAt,
    @Nullable Instant revokedAt,
    @Nullable Instant lastUsedAt) {
  /** Checks the digest and the hint. */
  public AccessKey {
    Objects.requireNonNull(id, "id is required, was null");
    Objects.requireNonNull(terms, "terms is required, was null");
    Digests.check(digest);
    if (former != null && former.digest().equals(digest)) {
      throw new IllegalArgumentException("former must be another secret, was the same");
    }
    Check.name("hint", hint);
    createdAt = Check.instant("createdAt", createdAt);
    revokedAt = revokedAt == null ? null : Check.instant("revokedAt", revokedAt);
    lastUsedAt = lastUsedAt == null ? null : Check.instant("lastUsedAt", lastUsedAt);
  }

  /** What people call it. */
  public String name() {
    return terms.name();
  }

  /** The project its calls belong to, or null. */
  public @Nullable String project() {
    return terms.project();
  }

  /** The person or account its calls belong to, or null. */
  public @Nullable String user() {
    return terms.user();
  }

  /** From when on it is not valid any more, or null if never. */
  public @Nullable Instant expiresAt() {
    return terms.expiresAt();
  }

  /** True if it is not revoked, whenever that was, and has not expired at {@code now}. */
  public boolean isValidAt(Instant now) {
    return revokedAt == null && !hasExpiredAt(now);
  }

  /** True from the instant of its expiry on. */
  public boolean hasExpiredAt(Instant now) {
    Instant end = terms.expiresAt();
    return end != null && !now.isBefore(end);
  }

  /** True if the secret of this digest opens the key at {@code now}, were it valid then. */
  public boolean isOpenedBy(String secretDigest, Instant now) {
    return digest.equals(secretDigest)
        || (former != null
            && former.digest().equals(secretDigest)
            && now.isBefore(former.validUntil()));
  }

  /** True if it may call this model. */
  public boolean allowsModel(String model) {
    return terms.models().isEmpty() || NamePatterns.matchAny(terms.models(), model);
  }

  /** True if it may call this provider. */
  public boolean allowsProvider(String provider) {
    return terms.providers().isEmpty() || terms.providers().contains(provider);
  }

  /** True if it may do this. */
  public boolean has(AccessRole role) {
    return terms.roles().contains(role);
  }

  /** To whom calls under the key are attributed. */
  public Attribution attribution() {
    return terms.attribution();
  }

  /** True if {@code other} is the same, whenever each was last used. */
  public boolean isSameAs(AccessKey other) {
    return equals(other.usedAt(lastUsedAt));
  }

  /** Returns a copy with these terms. */
  public AccessKey withTerms(AccessTerms terms) {
    return new AccessKey(id, terms, digest, former, hint, createdAt, revokedAt, lastUsedAt);
  }

  /** Returns a copy that is revoked since {@code now}; unchanged if it is revoked already. */
  public AccessKey revoked(Instant now) {
    return revokedAt != null
        ? this
        : new AccessKey(id, terms, digest, former, hint, createdAt, now, lastUsedAt);
  }

  /**
   * Returns a copy with another secret.
   *
   * @param former the present secret, if that stays good for a while; null if not
   */
  public AccessKey rotated(String digest, String hint, @Nullable FormerDigest former) {
    return new AccessKey(id, terms, digest, former, hint, createdAt, revokedAt, lastUsedAt);
  }

  /** Returns a copy that was last used then, or never where that is null. */
  public AccessKey usedAt(@Nullable Instant lastUsedAt) {
    return new AccessKey(id, terms, digest, former, hint, createdAt, revokedAt, lastUsedAt);
  }

  /** Where it stands in a list of keys. */
  public AccessKeyQuery.Position position() {
    return new AccessKeyQuery.Position(terms.name(), id);
  }
}
