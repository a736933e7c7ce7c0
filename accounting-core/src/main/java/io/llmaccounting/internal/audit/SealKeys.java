package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.ErasedContent;
import io.llmaccounting.audit.Seal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks seals: SHA-256, or HMAC-SHA-256 where a key is named, over what the seal says,
 * the hash before it, and the digest of the entry. Immutable.
 */
public final class SealKeys {
  private static final byte[] PURPOSE =
      "llm-accounting audit seal 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final int WITHOUT_SALT = 1;

  private final boolean sealing;
  private final @Nullable String current;
  private final Map<String, SecretKeySpec> keys;

  /**
   * Keys by name.
   *
   * @param sealing true if new entries are sealed
   * @param current the key that new entries are sealed with, or null for none
   */
  public SealKeys(boolean sealing, @Nullable String current, Map<String, byte[]> keys) {
    this.sealing = sealing;
    this.current = current;
    this.keys =
        keys.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> Hashes.key(one.getValue())));
  }

  boolean areSealing() {
    return sealing;
  }

  /** True if new entries are sealed with a key, so that nobody without it can make a seal. */
  boolean haveCurrent() {
    return current != null;
  }

  boolean know(@Nullable String key) {
    return key == null || keys.containsKey(key);
  }

  /** The seal of an entry at its place, of which {@code digest} was made with {@code salt}. */
  Seal seal(UUID stream, long sequence, String previous, String salt, byte[] digest) {
    Seal place = new Seal(stream, sequence, Seal.VERSION, current, Seal.NO_HASH);
    return new Seal(
        stream, sequence, Seal.VERSION, current, hash(place, previous, digest), salt, null);
  }

  /**
   * True if the entry is what was sealed, at this place, after that hash. For an entry from which
   * data was erased, this is said of what it was, not of what it is now.
   */
  boolean match(AuditEntry entry, Seal seal, String previous) {
    ErasedContent erased = seal.erased();
    boolean isKnown =
        seal.version() == Seal.VERSION
            ? seal.salt() != null
            : seal.version() == WITHOUT_SALT && (seal.salt() == null || erased != null);
    return isKnown
        && know(seal.key())
        && seal.hash().equals(hash(seal, previous, sealedDigest(entry, seal)));
  }

  /**
   * The digest of the entry that was sealed: of the stored entry, or after an erasure the digest
   * that its seal keeps.
   */
  static byte[] sealedDigest(AuditEntry entry, Seal seal) {
    ErasedContent erased = seal.erased();
    return erased == null
        ? EntryEncoding.digest(entry, seal.salt())
        : HexFormat.of().parseHex(erased.digest());
  }

  private String hash(Seal place, String previous, byte[] digest) {
    String key = place.key();
    byte[] name = key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8);
    ByteBuffer link = ByteBuffer.allocate(PURPOSE.length + 16 + 8 + 4 + name.length + 64);
    link.put(PURPOSE)
        .putLong(place.stream().getMostSignificantBits())
        .putLong(place.stream().getLeastSignificantBits())
        .putLong(place.sequence())
        .putInt(key == null ? -1 : name.length)
        .put(name)
        .put(HexFormat.of().parseHex(previous))
        .put(digest);
    byte[] bytes = link.array();
    SecretKeySpec secret = key == null ? null : keys.get(key);
    return HexFormat.of()
        .formatHex(
            secret == null ? Hashes.sha256().digest(bytes) : Hashes.hmac(secret).doFinal(bytes));
  }
}
