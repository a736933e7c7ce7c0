package io.llmaccounting.server.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks a signature, version 4, as Amazon's documentation describes it step by step. */
final class SignatureReference {
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private SignatureReference() {}

  /** What is signed; names of headers in lower case. */
  record Signed(
      String method, String path, String query, Map<String, String> headers, byte[] body) {}

  /** The value that {@code Authorization} must have, with the scope and headers that it names. */
  static String authorization(Signed request, String authorization, String secret)
      throws GeneralSecurityException {
    String scope = between(authorization, "Credential=", ",").replaceFirst("[^/]*/", "");
    List<String> names = List.of(between(authorization, "SignedHeaders=", ",").split(";"));
    StringBuilder canonical = new StringBuilder();
    canonical.append(request.method).append('\n').append(encodedPath(request.path)).append('\n');
    canonical.append(sorted(request.query)).append('\n');
    for (String name : names) {
      canonical.append(name).append(':').append(request.headers.get(name).strip()).append('\n');
    }
    canonical.append('\n').append(String.join(";", names)).append('\n');
    canonical.append(sha256(request.body));
    String text =
        "AWS4-HMAC-SHA256\n%s\n%s\n%s"
            .formatted(
                request.headers.get("x-amz-date"),
                scope,
                sha256(canonical.toString().getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=%s, Signature=%s"
        .formatted(
            between(authorization, "Credential=", ","),
            String.join(";", names),
            HexFormat.of().formatHex(hmac(key, text)));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }

  private static String encodedPath(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte one : path.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (one & 0xFF);
      encoded.append(
          character == '/' || UNRESERVED.indexOf(character) >= 0
              ? String.valueOf(character)
              : "%%%02X".formatted(one & 0xFF));
    }
    return encoded.toString();
  }

  private static String sorted(String query) {
    TreeMap<String, String> parameters = new TreeMap<>();
    for (String parameter : query.isEmpty() ? new String[0] : query.split("&")) {
      parameters.put(parameter.split("=")[0], parameter);
    }
    return String.join("&", parameters.values());
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
