package io.llmaccounting.server.wire;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which headers pass: all but those that belong to one hop, tell a credential, are the gateway's
 * own, or speak of the other side's address. What passes keeps its name, order and duplicates.
 *
 * <p>{@code Content-Length} passes, so that either side notices an answer that breaks off; whoever
 * changes a body sets it anew. It is dropped where it cannot be true: beside {@code
 * Transfer-Encoding}, or told twice.
 */
public final class PassedHeaders {
  /** The prefix of the gateway's own headers. */
  public static final String OWN = "x-accounting-";

  private static final String OF_A_SESSION = "sec-websocket-";
  private static final String LENGTH = "content-length";
  private static final String ENCODINGS = "accept-encoding";

  private static final Set<String> OF_A_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  private static final Set<String> OF_THE_REQUEST =
      Set.of(
          "host",
          "expect",
          "cookie",
          "cookie2",
          "x-http-method",
          "x-http-method-override",
          "x-method-override");

  private static final Set<String> OF_THE_ANSWER =
      Set.of("set-cookie", "set-cookie2", "alt-svc", "strict-transport-security");

  private PassedHeaders() {}

  /**
   * The headers of a request as they go upstream, without credentials. {@code Accept-Encoding} is
   * narrowed to what the tap reads, gzip and identity, and added nowhere.
   */
  public static MultiMap toUpstream(MultiMap request) {
    MultiMap passed = passed(request, OF_THE_REQUEST, OF_A_SESSION);
    Credentials.strip(passed);
    narrow(passed);
    return passed;
  }

  /** The headers of an answer as they go to the client. */
  public static MultiMap toClient(MultiMap answer) {
    return passed(answer, OF_THE_ANSWER, OWN);
  }

  private static MultiMap passed(MultiMap headers, Set<String> ofOneSide, String prefix) {
    Set<String> named = named(headers);
    boolean falseLength =
        headers.contains("transfer-encoding") || headers.getAll(LENGTH).size() > 1;
    MultiMap passed = MultiMap.caseInsensitiveMultiMap();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      boolean stays =
          OF_A_HOP.contains(name)
              || named.contains(name)
              || ofOneSide.contains(name)
              || name.startsWith(OWN)
              || name.startsWith(prefix)
              || name.startsWith(":")
              || (falseLength && name.equals(LENGTH));
      if (!stays) {
        passed.add(header.getKey(), header.getValue());
      }
    }
    return passed;
  }

  /** The headers that {@code Connection} names. */
  private static Set<String> named(MultiMap headers) {
    List<String> values = headers.getAll("connection");
    if (values.isEmpty()) {
      return Set.of();
    }
    Set<String> named = new HashSet<>();
    for (String value : values) {
      for (String name : value.split(",", -1)) {
        named.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return named;
  }

  private static void narrow(MultiMap headers) {
    List<String> asked = headers.getAll(ENCODINGS);
    if (asked.isEmpty()) {
      return;
    }
    List<String> readable = new ArrayList<>();
    for (String value : asked) {
      for (String coding : value.split(",", -1)) {
        String name = coding.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        switch (name) {
          case "gzip", "x-gzip", "identity" -> readable.add(coding.strip());
          case "*" -> readable.add(coding.strip().replace("*", "gzip"));
          default -> {}
        }
      }
    }
    headers.set(ENCODINGS, readable.isEmpty() ? "identity" : String.join(", ", readable));
  }
}
