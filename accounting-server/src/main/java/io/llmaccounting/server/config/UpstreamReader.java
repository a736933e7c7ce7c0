package io.llmaccounting.server.config;

import io.llmaccounting.cli.console.Near;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the upstreams.
 *
 * @param values what was given
 * @param environment the variables, some of which hold credentials
 */
record UpstreamReader(Values values, Map<String, String> environment) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Set<String> RESERVED =
      Set.of("v1", "admin", "health", "metrics", "api", "docs");
  private static final int MOST_ATTEMPTS = 10;

  /** All upstreams by name, those without settings of their own included. */
  Map<String, UpstreamSettings> all() {
    Set<String> names = new TreeSet<>(WellKnown.names());
    names.addAll(values.upstreams());
    Map<String, UpstreamSettings> upstreams = new LinkedHashMap<>();
    for (String name : names) {
      String path = SettingKeys.UPSTREAMS + name + ".";
      boolean enabled = values.read(path + "enabled", Forms::flag);
      if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
        values.wrong(
            SettingKeys.UPSTREAMS + name,
            "must be named by lower-case letters, digits and hyphens, and not v1, admin, health,"
                + " metrics, api or docs");
      } else if (enabled) {
        one(name, path).ifPresent(upstream -> upstreams.put(name, upstream));
      }
    }
    upstreams.values().forEach(upstream -> checkFallbacks(upstream, upstreams.keySet()));
    return upstreams;
  }

  private Optional<UpstreamSettings> one(String name, String path) {
    UpstreamKind kind =
        values.read(path + "kind", kindByName(name), text -> Forms.word(UpstreamKind.class, text));
    String region = values.optional(path + "region", UpstreamReader::region);
    AuthScheme auth =
        values.read(
            path + "auth", Forms.word(kind.auth()), text -> Forms.word(AuthScheme.class, text));
    AddressRule addresses = addresses(kind, path);
    URI base = base(name, addresses, WellKnown.base(kind, region));
    String provider =
        values.read(
            path + "provider", kind.provider() == null ? name : kind.provider(), text -> text);
    UpstreamTimeouts timeouts = timeouts(path);
    BreakerSettings breaker = breaker(path);
    int attempts = values.read(path + "attempts", text -> Forms.whole(text, 1, MOST_ATTEMPTS));
    Secret credential = credential(path, kind, auth);
    if (auth == AuthScheme.AWS_SIGV4 && region == null) {
      values.wrong(path + "region", "is required where auth is aws-sigv4, such as eu-central-1");
    }
    return base == null
        ? Optional.empty()
        : Optional.of(
            new UpstreamSettings(
                name,
                kind,
                base,
                provider,
                auth,
                region,
                credential,
                timeouts,
                attempts,
                fallbacks(path),
                breaker,
                addresses));
  }

  private UpstreamTimeouts timeouts(String path) {
    return new UpstreamTimeouts(
        values.read(path + "timeouts.connect", Forms::duration),
        values.read(path + "timeouts.first-byte", Forms::duration),
        values.read(path + "timeouts.idle", Forms::duration),
        values.read(path + "timeouts.total", Forms::duration));
  }

  private BreakerSettings breaker(String path) {
    return new BreakerSettings(
        values.read(path + "breaker.failures", text -> Forms.whole(text, 0, 1_000_000)),
        values.read(path + "breaker.pause", Forms::duration));
  }

  private static String kindByName(String name) {
    for (UpstreamKind kind : UpstreamKind.values()) {
      if (Forms.word(kind).equals(name)) {
        return name;
      }
    }
    return Forms.word(UpstreamKind.OPENAI_COMPATIBLE);
  }

  private static String region(String text) {
    if (!REGION.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a region such as eu-central-1, was " + text);
    }
    return text;
  }

  private AddressRule addresses(UpstreamKind kind, String path) {
    boolean anywhere = values.read(path + "allow-private", Forms::flag);
    AddressRule otherwise =
        kind == UpstreamKind.OLLAMA ? AddressRule.PUBLIC_OR_LOOPBACK : AddressRule.PUBLIC;
    return anywhere ? AddressRule.ANY : otherwise;
  }

  private @Nullable URI base(String name, AddressRule rule, @Nullable String otherwise) {
    String key = SettingKeys.UPSTREAMS + name + ".url";
    if (otherwise != null) {
      return values.read(key, otherwise, text -> UpstreamUrl.read(text, rule));
    }
    if (!values.has(key)) {
      String required = "is required for this kind of upstream, such as https://llm.example.com";
      String meant = Near.question(name, WellKnown.names()).strip();
      values.wrong(key, meant.isEmpty() ? required : required + ". " + meant);
      return null;
    }
    return values.optional(key, text -> UpstreamUrl.read(text, rule));
  }

  private @Nullable Secret credential(String path, UpstreamKind kind, AuthScheme auth) {
    Secret given = values.secret(path + "credential", path + "credential-file");
    Optional<Given> found =
        given == null ? WellKnown.credential(kind, auth, environment) : Optional.empty();
    found.ifPresent(value -> values.note(path + "credential", "", value.source()));
    Secret credential = found.map(value -> Secret.of(value.texts().get(0))).orElse(given);
    if (credential != null) {
      String source = found.map(value -> " of " + value.source()).orElse("");
      CredentialRule.problem(credential)
          .ifPresent(problem -> values.wrong(path + "credential" + source, problem));
    }
    return credential;
  }

  private List<Fallback> fallbacks(String path) {
    List<Fallback> fallbacks = new ArrayList<>();
    for (String text : values.list(path + "fallbacks")) {
      int colon = text.indexOf(':');
      fallbacks.add(
          colon < 0
              ? new Fallback(text, null)
              : new Fallback(text.substring(0, colon), text.substring(colon + 1)));
    }
    return fallbacks;
  }

  private void checkFallbacks(UpstreamSettings upstream, Set<String> known) {
    for (Fallback fallback : upstream.fallbacks()) {
      String path = SettingKeys.UPSTREAMS + upstream.name() + ".fallbacks";
      if (!known.contains(fallback.upstream())) {
        values.wrong(path, Unknown.upstream(fallback.upstream(), known));
      } else if (fallback.upstream().equals(upstream.name()) && fallback.model() == null) {
        values.wrong(path, "must name another upstream, or another model as NAME:MODEL");
      }
    }
  }
}
