package io.llmaccounting.audit;

import io.llmaccounting.validation.Check;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ties an entry to the one before it in its stream. Whoever changes an entry, takes one out or puts
 * one in has to make every later seal of the stream anew, which takes the key where there is one.
 *
 * @param stream the stream: one for each started accounting, a UUID of version 7
 * @param sequence the place in the stream, 1 for its first entry, without gaps
 * @param version how entry and seal are encoded: {@link #VERSION}, or 1 for entries that were
 *     sealed without a salt
 * @param key the name of the key that the hash is made with (HMAC-SHA-256), or null for SHA-256
 *     without a key
 * @param hash 64 lower-case hexadecimal digits, made from the entry, its place and the hash before
 *     it
 * @param salt 32 lower-case hexadecimal digits that nobody can guess, which the hash covers
 *     together with the entry, so that nothing can be learned from a hash once the salt is gone;
 *     null where the version has none
 * @param erased what stood here before a person's data was erased, null where nothing was
 */
public record Seal(
    UUID stream,
    long sequence,
    int version,
    @Nullable String key,
    String hash,
    @Nullable String salt,
    @Nullable ErasedContent erased) {
  /** The encoding that this library writes. */
  public static final int VERSION = 2;

  /** What stands before the hash of a stream's first entry. */
  public static final String NO_HASH = "0".repeat(64);

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern SALT = Pattern.compile("[0-9a-f]{32}");

  /** A seal without a salt, of an entry of which nothing was erased. */
  public Seal(UUID stream, long sequence, int version, @Nullable String key, String hash) {
    this(stream, sequence, version, key, hash, null, null);
  }

  /** Checks what can be checked without the entry. */
  public Seal {
    Objects.requireNonNull(stream, "stream is required, was null");
    if (stream.version() != 7 || stream.variant() != 2) {
      throw new IllegalArgumentException("stream must be a UUID of version 7, was " + stream);
    }
    Check.range("sequence", sequence, 1, Long.MAX_VALUE);
    Check.range("version", version, 1, Integer.MAX_VALUE);
    Check.optionalName("key", key);
    if (!HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException(
          "hash must be 64 lower-case hexadecimal digits, was \"%.80s\"".formatted(hash));
    }
    if (salt != null && !SALT.matcher(salt).matches()) {
      throw new IllegalArgumentException(
          "salt must be 32 lower-case hexadecimal digits, was \"%.80s\"".formatted(salt));
    }
  }

  /**
   * Returns the seal of this entry after data was erased from it: with another salt, and with
   * {@code content} standing for what was sealed.
   */
  public Seal erased(String salt, ErasedContent content) {
    return new Seal(stream, sequence, version, key, hash, salt, content);
  }
}
