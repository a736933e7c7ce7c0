package io.llmaccounting;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.internal.audit.SealKeys;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How the audit log is kept; every setting has a default. Immutable. */
public final class AuditSettings {
  private static final int DEFAULT_LIMIT = 256 * 1024;
  private static final int LARGEST_LIMIT = 16 * 1024 * 1024;
  private static final int LEAST_SECRET = 16;
  private static final int LONGEST_NAME = 255;
  private static final AuditSettings DEFAULTS =
      new AuditSettings(
          null,
          new Texts(UnaryOperator.identity(), DEFAULT_LIMIT),
          false,
          new Sealing(false, null, Map.of()));

  private final @Nullable AuditLog log;
  private final Texts texts;
  private final boolean denials;
  private final Sealing sealing;

  private record Texts(UnaryOperator<String> redactor, int limit) {}

  private record Sealing(boolean on, @Nullable String key, Map<String, byte[]> secrets) {}

  private AuditSettings(@Nullable AuditLog log, Texts texts, boolean denials, Sealing sealing) {
    this.log = log;
    this.texts = texts;
    this.denials = denials;
    this.sealing = sealing;
  }

  /**
   * Keeps the log in the backend, unsealed, with texts as they are given up to 256 KiB, and without
   * entries for denials.
   */
  public static AuditSettings defaults() {
    return DEFAULTS;
  }

  /** Keeps the log elsewhere than in the backend; the caller closes it. */
  public AuditSettings log(AuditLog log) {
    Objects.requireNonNull(log, "log is required, was null");
    return new AuditSettings(log, texts, denials, sealing);
  }

  /**
   * Sees every prompt, response, outcome and attribute value before it is written, and returns the
   * text that may be written. Where it throws, runs out of stack or returns null, the text is
   * withheld and the failure is counted and reported. Must be thread-safe.
   */
  public AuditSettings redact(UnaryOperator<String> redactor) {
    Objects.requireNonNull(redactor, "redactor is required, was null");
    return new AuditSettings(log, new Texts(redactor, texts.limit), denials, sealing);
  }

  /**
   * Cuts prompts and responses that are longer, and marks them with their full length.
   *
   * @param bytes of UTF-8, 1 to 16 MiB
   */
  public AuditSettings textLimit(int bytes) {
    if (bytes < 1 || bytes > LARGEST_LIMIT) {
      throw new IllegalArgumentException(
          "textLimit must be from 1 to %d, was %d".formatted(LARGEST_LIMIT, bytes));
    }
    return new AuditSettings(log, new Texts(texts.redactor, bytes), denials, sealing);
  }

  /**
   * Writes an entry for every denial, on a thread of its own. Up to 10,000 wait while the store is
   * slow or away; denials above that are not written, but counted and reported.
   */
  public AuditSettings denials() {
    return new AuditSettings(log, texts, true, sealing);
  }

  /**
   * Seals entries with SHA-256. Whoever can write to the database could seal a whole stream anew:
   * only a head that is kept elsewhere gives that away.
   */
  public AuditSettings sealed() {
    return new AuditSettings(log, texts, denials, new Sealing(true, null, sealing.secrets));
  }

  /**
   * Seals entries with HMAC-SHA-256: without the secret nobody can make a seal.
   *
   * @param key the secret's name, which is stored with each entry
   * @param secret at least 16 bytes; 32 random ones are best
   */
  public AuditSettings sealed(String key, byte[] secret) {
    Map<String, byte[]> known = knowing(key, secret).sealing.secrets;
    return new AuditSettings(log, texts, denials, new Sealing(true, key, known));
  }

  /** Adds a further secret that entries were sealed with before, so that they can be verified. */
  public AuditSettings knowing(String key, byte[] secret) {
    if (!key.strip().equals(key) || key.isEmpty() || bytesOf(key) > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "key must have 1 to %d bytes and no blanks around it, was \"%.300s\""
              .formatted(LONGEST_NAME, key));
    }
    if (secret.length < LEAST_SECRET) {
      throw new IllegalArgumentException(
          "secret of key \"%s\" must have at least %d bytes, had %d"
              .formatted(key, LEAST_SECRET, secret.length));
    }
    Map<String, byte[]> more = new HashMap<>(sealing.secrets);
    more.put(key, secret.clone());
    return new AuditSettings(log, texts, denials, new Sealing(sealing.on, sealing.key, more));
  }

  private static int bytesOf(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  AuditLog logOr(AuditLog own) {
    return log == null ? own : log;
  }

  UnaryOperator<String> redactor() {
    return texts.redactor;
  }

  int textLimit() {
    return texts.limit;
  }

  boolean writesDenials() {
    return denials;
  }

  SealKeys keys() {
    return new SealKeys(sealing.on, sealing.key, sealing.secrets);
  }
}
