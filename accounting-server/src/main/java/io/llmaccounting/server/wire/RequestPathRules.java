package io.llmaccounting.server.wire;

import io.llmaccounting.server.config.UpstreamKind;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.wire.Refusal.Code;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which paths are refused: those that a server behind may read as another path than is seen here,
 * and those of a client whose base URL has {@code /v1} too much or too little. What is not refused
 * is never changed: {@code %2F}, {@code :method} and {@code org/model} pass as they came.
 */
public final class RequestPathRules {
  private static final int LONGEST = 4_096;
  // as it came, decoded, decoded twice, and once more to see that nothing changes
  private static final int ROUNDS = 3;
  private static final Pattern MALFORMED = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern SEPARATORS = Pattern.compile("[/\\\\]");

  /** What comes behind {@code /v1/} at providers that have everything there. */
  private static final Set<String> ENDPOINTS =
      Set.of(
          "audio",
          "batches",
          "chat",
          "complete",
          "completions",
          "embeddings",
          "files",
          "fine_tuning",
          "images",
          "messages",
          "models",
          "moderations",
          "realtime",
          "responses");

  private static final Set<UpstreamKind> VERSIONED =
      Set.of(UpstreamKind.OPENAI, UpstreamKind.ANTHROPIC, UpstreamKind.MISTRAL, UpstreamKind.XAI);

  private RequestPathRules() {}

  /**
   * Says why a path is refused.
   *
   * @param upstream where it leads to
   * @param rawPath the path that is sent there behind the upstream's own, percent-encoded, without
   *     the query
   * @return empty where it is not
   */
  public static Optional<Refusal> check(UpstreamSettings upstream, String rawPath) {
    Optional<Refusal> unsafe = unsafe(rawPath);
    return unsafe.isPresent() ? unsafe : version(upstream, rawPath);
  }

  /** Says why a path is refused wherever it leads; empty where it is not. */
  public static Optional<Refusal> unsafe(String rawPath) {
    if (rawPath.length() > LONGEST) {
      return Optional.of(
          refused("the path must have at most %d characters".formatted(LONGEST)).status(414));
    }
    if (!rawPath.startsWith("/")) {
      return Optional.of(refused("the path must begin with /"));
    }
    if (rawPath.contains("//")) {
      return Optional.of(refused("the path has an empty segment (//)"));
    }
    if (MALFORMED.matcher(rawPath).find()) {
      return Optional.of(refused("the path has a percent sign that begins no byte"));
    }
    if (rawPath.chars().anyMatch(one -> one <= ' ' || one >= 0x7F || one == '#' || one == '?')) {
      return Optional.of(refused("the path has a character that must be encoded"));
    }
    return hidden(rawPath);
  }

  /** What else servers may read a path as: decoded, without parameters, in lower case. */
  public static List<String> spellings(String rawPath) {
    String plain = PercentCoding.decoded(PercentCoding.decoded(rawPath)).replaceAll(";[^/]*", "");
    String path = plain.replaceAll("\\s*/\\s*", "/").strip();
    return List.of(path, path.toLowerCase(Locale.ROOT));
  }

  /** What shows only when it is decoded, once or more often. */
  private static Optional<Refusal> hidden(String rawPath) {
    String seen = rawPath;
    for (int round = 0; round < ROUNDS; round++) {
      if (seen.indexOf('\\') >= 0) {
        return Optional.of(refused("the path has a backslash"));
      }
      if (seen.chars().anyMatch(one -> one < ' ' || one == 0x7F)) {
        return Optional.of(refused("the path has a control character"));
      }
      for (String segment : SEPARATORS.split(seen, -1)) {
        String name = segment.split(";", 2)[0];
        if (name.equals(".") || name.equals("..")) {
          return Optional.of(refused("the path has a segment . or .."));
        }
      }
      String before = seen;
      seen = PercentCoding.decoded(seen);
      if (seen.equals(before)) {
        return Optional.empty();
      }
    }
    return Optional.of(refused("the path is encoded more than twice"));
  }

  private static Optional<Refusal> version(UpstreamSettings upstream, String rawPath) {
    String base = upstream.base().getRawPath();
    String own =
        base == null ? "" : base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    if ((own + rawPath + "/").contains("/v1/v1/")) {
      return Optional.of(
          Refusal.of(
              Code.NOT_FOUND,
              "the path has /v1 twice: the client adds it itself, so leave it out of its base URL"));
    }
    String first = rawPath.split("/", 3)[1];
    if (VERSIONED.contains(upstream.kind()) && own.isEmpty() && ENDPOINTS.contains(first)) {
      return Optional.of(
          Refusal.of(
              Code.NOT_FOUND,
              "the path %s lacks /v1: add it to the end of the client's base URL"
                  .formatted(rawPath)));
    }
    return Optional.empty();
  }

  private static Refusal refused(String message) {
    return Refusal.of(Code.BAD_REQUEST, message);
  }
}
