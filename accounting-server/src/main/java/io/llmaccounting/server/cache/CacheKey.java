package io.llmaccounting.server.cache;

import io.llmaccounting.server.wire.NormalJson;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What two requests have in common that get one answer: a digest of who asks what, where. The scope
 * is the server's: nothing that a client sends can make it another one's.
 *
 * @param digest SHA-256, in base64
 */
public record CacheKey(String digest) {
  /** Headers that choose what is answered, or in which form. */
  private static final List<String> CHOOSING =
      List.of("accept", "anthropic-", "openai-", "x-dashscope-");

  /**
   * What is asked.
   *
   * @param scope whose answers these are
   * @param place upstream, path and query, and whatever else tells requests apart
   * @param headers the headers of the request
   */
  public record Question(String scope, List<String> place, MultiMap headers) {}

  /** The key of a request; empty where its body is no JSON, which nobody can compare. */
  public static Optional<CacheKey> of(Question question, Buffer body) {
    return NormalJson.of(body.getBytes())
        .map(
            normal -> {
              MessageDigest digest = sha256();
              add(digest, question.scope());
              question.place().forEach(part -> add(digest, part));
              for (Map.Entry<String, String> header : question.headers()) {
                String name = header.getKey().toLowerCase(Locale.ROOT);
                if (!name.equals("accept-encoding")
                    && CHOOSING.stream().anyMatch(name::startsWith)) {
                  add(digest, name + ":" + header.getValue());
                }
              }
              add(digest, "");
              digest.update(normal);
              return new CacheKey(Base64.getEncoder().encodeToString(digest.digest()));
            });
  }

  /** Each text with its length, so that none runs into the next. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
