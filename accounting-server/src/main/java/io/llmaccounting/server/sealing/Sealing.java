package io.llmaccounting.server.sealing;

import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.server.config.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals texts with AES-256-GCM: a byte for the version, a random nonce of 96 bits, then the text
 * and its tag. Safe for use by many threads.
 */
public final class Sealing {
  static final byte VERSION = 1;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int SHORTEST = 1 + NONCE_BYTES + TAG_BITS / 8;

  private final SecureRandom random;

  /** Seals with nonces of {@code random}. */
  public Sealing(SecureRandom random) {
    this.random = random;
  }

  /** Seals {@code secret} for where it belongs. */
  public SealedBytes seal(Secret secret, SealedFor place, SealingKey key) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] plain = secret.reveal().getBytes(StandardCharsets.UTF_8);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
      cipher.updateAAD(place.associated());
      byte[] sealed = cipher.doFinal(plain);
      return SealedBytes.of(
          ByteBuffer.allocate(1 + nonce.length + sealed.length)
              .put(VERSION)
              .put(nonce)
              .put(sealed)
              .array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-256-GCM", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /**
   * Opens what was sealed there with that key.
   *
   * @throws SealingException if it was not, or was changed since
   */
  public Secret open(SealedBytes sealed, SealedFor place, SealingKey key) {
    byte[] bytes = sealed.toBytes();
    if (bytes.length < SHORTEST || bytes[0] != VERSION) {
      throw damaged(key);
    }
    byte[] plain = {};
    try {
      Cipher cipher =
          cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(bytes, 1, 1 + NONCE_BYTES));
      cipher.updateAAD(place.associated());
      plain = cipher.doFinal(bytes, 1 + NONCE_BYTES, bytes.length - 1 - NONCE_BYTES);
      return Secret.of(new String(plain, StandardCharsets.UTF_8));
    } catch (AEADBadTagException e) {
      throw damaged(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-256-GCM", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private static SealingException damaged(SealingKey key) {
    return new SealingException(
        ("it does not open with sealing key %s: it was changed, or moved from another project or"
                + " upstream; remove it and add it again")
            .formatted(key.id()));
  }

  private static Cipher cipher(int mode, SealingKey key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
