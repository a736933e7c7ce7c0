package io.llmaccounting.server.wire;

import static io.llmaccounting.server.wire.JsonText.quoted;

import io.llmaccounting.server.config.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** A service account of Google, as the JSON of its key says. */
record ServiceAccount(String email, String keyId, PrivateKey key, URI tokens) {
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
  private static final String TOKENS = "https://oauth2.googleapis.com/token";
  private static final int AN_HOUR = 3_600;

  static ServiceAccount read(Secret json) {
    Map<String, String> fields = fields(json.reveal(), "service account's key");
    String email = fields.get("client_email");
    String pem = fields.get("private_key");
    if (email == null || pem == null) {
      throw new IllegalArgumentException(
          "service account's key must have client_email and private_key");
    }
    URI tokens = URI.create(fields.getOrDefault("token_uri", TOKENS));
    if (!"https".equals(tokens.getScheme())) {
      throw new IllegalArgumentException("token_uri must begin with https, was " + tokens);
    }
    return new ServiceAccount(email, fields.getOrDefault("private_key_id", ""), key(pem), tokens);
  }

  /** What is posted for an access token. */
  GoogleTokens.Grant grant(Instant now) {
    long at = now.getEpochSecond();
    String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":%s}".formatted(quoted(keyId));
    String claims =
        "{\"iss\":%s,\"scope\":\"%s\",\"aud\":%s,\"iat\":%d,\"exp\":%d}"
            .formatted(quoted(email), SCOPE, quoted(tokens.toString()), at, at + AN_HOUR);
    String signed = encoded(header) + "." + encoded(claims);
    return new GoogleTokens.Grant(
        tokens,
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
            + signed
            + "."
            + signature(signed));
  }

  /** The texts and words at the top of a JSON object. */
  static Map<String, String> fields(String text, String what) {
    JsonSpans json = new JsonSpans(text.getBytes(StandardCharsets.UTF_8));
    try {
      JsonSpans.Span root = json.root();
      Map<String, String> fields = new HashMap<>();
      for (JsonSpans.Member member : json.members(root).all()) {
        JsonSpans.Span value = member.value();
        fields.put(member.name(), json.isText(value) ? json.text(value) : json.raw(value));
      }
      return fields;
    } catch (UnreadableJson e) {
      throw new IllegalArgumentException(what + " must be a JSON object");
    }
  }

  private static PrivateKey key(String pem) {
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // without the cause, which may quote the key
      throw new IllegalArgumentException("private_key must be an RSA key in PEM, PKCS #8");
    }
  }

  private String signature(String text) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with the key of " + email, e);
    }
  }

  private static String encoded(String text) {
    return encoded(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "ServiceAccount[" + email + "]";
  }
}
