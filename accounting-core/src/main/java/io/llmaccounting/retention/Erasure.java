package io.llmaccounting.retention;

import io.llmaccounting.internal.admin.AdminParts;
import io.llmaccounting.usage.Attribution;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Erases a person's data: the user's name gives way to a pseudonym in records, tags, rollups,
 * limits, counters, denials, alerts, keys and the audit log, and leaves the directory; the person's
 * keys are revoked. No sum changes. Confined to one thread; others may record meanwhile.
 *
 * <p>The pseudonym is {@code erased-} and a keyed hash of the name. Unless the caller gives a key,
 * one is made and thrown away, so that nobody can tell whose pseudonym it is.
 */
public final class Erasure {
  private static final int LEAST_KEY = 16;
  private static final int DIGITS = 32;
  private static final int DEFAULT_BATCH = 1_000;

  private final AdminParts parts;
  final String user;
  boolean texts;
  boolean overwrites;
  int batch = DEFAULT_BATCH;
  private byte @Nullable [] key;

  /** Made by the library; applications call {@link io.llmaccounting.LlmAccounting#admin}. */
  public Erasure(AdminParts parts, String user) {
    this.parts = parts;
    this.user = recordable(user);
  }

  private static String recordable(String user) {
    String name = new Attribution(null, user, null, null, Map.of()).user();
    if (name == null) {
      throw new IllegalArgumentException("user must not be blank, was \"" + user + "\"");
    }
    return name;
  }

  /**
   * Makes the pseudonym with a key that the caller keeps: whoever has it can tell whose it is, and
   * a person who is erased again gets the same one.
   *
   * @param key at least 16 bytes; 32 random ones are best
   */
  public Erasure withKey(byte[] key) {
    if (key.length < LEAST_KEY) {
      throw new IllegalArgumentException(
          "key must have at least %d bytes, had %d".formatted(LEAST_KEY, key.length));
    }
    this.key = key.clone();
    return this;
  }

  /** Erases the prompts and responses in audit entries about the user, too. */
  public Erasure textsToo() {
    texts = true;
    return this;
  }

  /**
   * Overwrites the space that the erased data took, too: SQLite writes its whole file anew at the
   * end, and others wait for it. Elsewhere this does nothing: PostgreSQL overwrites it in its own
   * time.
   */
  public Erasure overwritingFreed() {
    overwrites = true;
    return this;
  }

  /** Sets how many records one transaction renames at most, 1 to 100,000; by default 1,000. */
  public Erasure inBatchesOf(int records) {
    if (records < 1 || records > 100_000) {
      throw new IllegalArgumentException("records must be from 1 to 100000, was " + records);
    }
    batch = records;
    return this;
  }

  /**
   * Says what would change, and changes nothing; but like a run it first stores the records that
   * wait in memory. Reads every record and every audit entry. A run of this same erasure uses the
   * same pseudonym; without a key, another erasure uses another one. Where a run would refuse, for
   * instance because of open holds, this does not fail: {@link ErasureReport#obstacles} says why.
   *
   * @throws io.llmaccounting.backend.BackendException if the store fails, or the records that wait
   *     in memory are not stored in time
   */
  public ErasureReport preview() {
    return new ErasureRun(parts, this, pseudonym()).preview();
  }

  /**
   * Erases, in bounded batches, each in one transaction, and leaves an audit entry that does not
   * hold the name; none where nothing was stored under it. Counters that tell users apart are
   * counted anew at the end, as when a limit is saved. An interrupt stops it after a batch. After a
   * run that was stopped, failed or was killed all sums are right, and running it again does the
   * rest. Unless the caller gave a key, the rest gets another pseudonym if it is not this same
   * erasure that runs again.
   *
   * @throws IllegalStateException if there are holds of the user, records wait in the spool, or
   *     sealed audit entries could not be proven afterwards; nothing was erased
   * @throws io.llmaccounting.backend.BackendException if the store fails
   */
  public ErasureReport run() {
    return new ErasureRun(parts, this, pseudonym()).run();
  }

  private String pseudonym() {
    byte[] secret = key;
    if (secret == null) {
      secret = new byte[DIGITS];
      parts.settings().random().nextBytes(secret);
      key = secret;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] hash = mac.doFinal(user.getBytes(StandardCharsets.UTF_8));
      return "erased-" + HexFormat.of().formatHex(hash).substring(0, DIGITS);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(
          "this Java has no HMAC-SHA-256, which every Java must have", e);
    }
  }
}
