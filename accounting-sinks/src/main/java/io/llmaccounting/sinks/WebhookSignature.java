package io.llmaccounting.sinks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signatures of webhooks as the <a
 * href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">
 * Standard Webhooks specification</a> has them: HMAC-SHA256 over {@code id.timestamp.body}, in
 * Base64 behind {@code v1,}, several of them with a space between. There are libraries that verify
 * them for most languages. Stateless.
 */
public final class WebhookSignature {
  private static final String VERSION = "v1,";
  private static final String PREFIX = "whsec_";
  private static final int FEWEST = 24;

  private WebhookSignature() {}

  /** Signs with each of the secrets, so that a receiver may know the old or the new one. */
  static String sign(List<String> secrets, String id, long seconds, byte[] body) {
    return secrets.stream()
        .map(
            secret -> VERSION + Base64.getEncoder().encodeToString(hash(secret, id, seconds, body)))
        .collect(Collectors.joining(" "));
  }

  /**
   * Says whether a message is genuine and recent.
   *
   * @param secret as it is given to {@link WebhookSink}
   * @param headers the value of a header, null where there is none; asked for {@code webhook-id},
   *     {@code webhook-timestamp} and {@code webhook-signature}
   * @param body the bytes of the body as they came
   * @param now the time now; the message may be five minutes older or newer
   * @return false if it was signed with another secret, changed on the way, is old, or lacks a
   *     header
   */
  public static boolean isGenuine(
      String secret, Function<String, @Nullable String> headers, byte[] body, Instant now) {
    String id = headers.apply("webhook-id");
    String timestamp = headers.apply("webhook-timestamp");
    String signature = headers.apply("webhook-signature");
    if (id == null || signature == null || timestamp == null || !timestamp.matches("\\d{1,11}")) {
      return false;
    }
    long seconds = Long.parseLong(timestamp);
    Duration away = Duration.between(Instant.ofEpochSecond(seconds), now).abs();
    if (away.compareTo(Duration.ofMinutes(5)) > 0) {
      return false;
    }
    byte[] expected =
        (VERSION + Base64.getEncoder().encodeToString(hash(secret, id, seconds, body)))
            .getBytes(StandardCharsets.UTF_8);
    boolean genuine = false;
    for (String one : signature.split(" ", -1)) {
      genuine |= MessageDigest.isEqual(expected, one.getBytes(StandardCharsets.UTF_8));
    }
    return genuine;
  }

  /**
   * Returns the secret if it can be one: {@code whsec_} and at least 24 bytes in Base64.
   *
   * @throws IllegalArgumentException without showing it
   */
  static String requireSecret(String secret) {
    try {
      if (secret.startsWith(PREFIX) && key(secret).length >= FEWEST) {
        return secret;
      }
    } catch (IllegalArgumentException e) {
      throw unfit(e);
    }
    throw unfit(null);
  }

  private static IllegalArgumentException unfit(@Nullable IllegalArgumentException cause) {
    return new IllegalArgumentException(
        "a secret of a webhook must be whsec_ and 24 bytes or more in Base64; make one with: echo"
            + " whsec_$(openssl rand -base64 32)",
        cause);
  }

  private static byte[] key(String secret) {
    return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
  }

  private static byte[] hash(String secret, String id, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(requireSecret(secret)), "HmacSHA256"));
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
