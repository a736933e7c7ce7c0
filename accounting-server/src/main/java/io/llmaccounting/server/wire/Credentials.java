package io.llmaccounting.server.wire;

import io.llmaccounting.server.config.Secret;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The credential that a caller brings, in whatever form its client has it, and how it is taken out
 * again, so that no upstream ever sees it.
 */
public final class Credentials {
  /** Headers that have nothing but a credential, or belong to one. */
  private static final List<String> HEADERS =
      List.of(
          "authorization",
          "proxy-authorization",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "x-amz-date",
          "x-amz-security-token",
          "x-amz-content-sha256");

  private static final List<String> PLAIN = List.of("x-api-key", "api-key", "x-goog-api-key");
  private static final Set<String> PARAMETERS = Set.of("key", "api-key", "access_token");
  private static final String SUBPROTOCOLS = "sec-websocket-protocol";
  private static final String SUBPROTOCOL = "openai-insecure-api-key.";
  private static final String BEARER = "bearer ";

  private Credentials() {}

  /**
   * What was found.
   *
   * @param key the caller's key, or null where there is none or not one alone
   * @param ambiguous whether there are several that differ
   */
  public record Found(@Nullable Secret key, boolean ambiguous) {}

  /**
   * Finds the caller's key: {@code Authorization: Bearer}, {@code x-api-key}, {@code api-key},
   * {@code x-goog-api-key}, {@code ?key=}, or a WebSocket's subprotocol {@code
   * openai-insecure-api-key.KEY}. The same key in two forms is one key.
   *
   * @param rawQuery the query as it was sent, without the question mark, or null
   */
  public static Found find(MultiMap headers, @Nullable String rawQuery) {
    Set<String> keys = new LinkedHashSet<>();
    for (String value : headers.getAll("authorization")) {
      String text = value.strip();
      if (text.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
        keys.add(text.substring(BEARER.length()).strip());
      }
    }
    for (String name : PLAIN) {
      headers.getAll(name).forEach(value -> keys.add(value.strip()));
    }
    for (String protocol : offered(headers)) {
      if (protocol.startsWith(SUBPROTOCOL)) {
        keys.add(protocol.substring(SUBPROTOCOL.length()));
      }
    }
    for (String parameter : parameters(rawQuery)) {
      if (isCredential(parameter)) {
        keys.add(PercentCoding.decoded(parameter.substring(parameter.indexOf('=') + 1)).strip());
      }
    }
    keys.remove("");
    return switch (keys.size()) {
      case 0 -> new Found(null, false);
      case 1 -> new Found(Secret.of(keys.iterator().next()), false);
      default -> new Found(null, true);
    };
  }

  /** Removes every form of credential from {@code headers}. */
  public static void strip(MultiMap headers) {
    HEADERS.forEach(headers::remove);
    if (headers.contains(SUBPROTOCOLS)) {
      List<String> kept = subprotocols(headers);
      headers.remove(SUBPROTOCOLS);
      if (!kept.isEmpty()) {
        headers.add(SUBPROTOCOLS, String.join(", ", kept));
      }
    }
  }

  /**
   * Returns a query without every form of credential, and otherwise as it is byte for byte.
   *
   * @param rawQuery the query as it was sent, without the question mark, or null
   * @return null where nothing is left of it, or there was none
   */
  public static @Nullable String strip(@Nullable String rawQuery) {
    List<String> all = parameters(rawQuery);
    List<String> kept = all.stream().filter(parameter -> !isCredential(parameter)).toList();
    if (kept.size() == all.size()) {
      return rawQuery;
    }
    return kept.isEmpty() ? null : String.join("&", kept);
  }

  /** The subprotocols that a WebSocket's client offers, in its order, without credentials. */
  public static List<String> subprotocols(MultiMap headers) {
    return offered(headers).stream().filter(protocol -> !protocol.startsWith(SUBPROTOCOL)).toList();
  }

  private static List<String> offered(MultiMap headers) {
    List<String> protocols = new ArrayList<>();
    for (String value : headers.getAll(SUBPROTOCOLS)) {
      for (String protocol : value.split(",", -1)) {
        if (!protocol.isBlank()) {
          protocols.add(protocol.strip());
        }
      }
    }
    return protocols;
  }

  private static List<String> parameters(@Nullable String rawQuery) {
    return rawQuery == null ? List.of() : List.of(rawQuery.split("&", -1));
  }

  private static boolean isCredential(String parameter) {
    int equals = parameter.indexOf('=');
    return equals >= 0
        && PARAMETERS.contains(PercentCoding.decoded(parameter.substring(0, equals)));
  }
}
