package io.llmaccounting.server.config;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider, or a server of models, that requests are sent to.
 *
 * @param name the first segment of the paths that lead to it: lower-case letters, digits, hyphens
 * @param kind what stands behind it
 * @param base where it is: scheme, host, port, and a path that goes before the request's
 * @param provider OpenTelemetry's name of the provider that calls are recorded with
 * @param auth how it is told who calls
 * @param region the region that requests are signed for, or null
 * @param credential what it is told for projects that have no credential of their own, or null
 * @param timeouts how long is waited for it
 * @param attempts how many requests are sent for one call at most, those to fallbacks included
 * @param fallbacks what is tried, in order, where it cannot be reached or refuses
 * @param breaker when it is left alone
 * @param addresses at which addresses it may be reached
 */
public record UpstreamSettings(
    String name,
    UpstreamKind kind,
    URI base,
    String provider,
    AuthScheme auth,
    @Nullable String region,
    @Nullable Secret credential,
    UpstreamTimeouts timeouts,
    int attempts,
    List<Fallback> fallbacks,
    BreakerSettings breaker,
    AddressRule addresses) {
  /** Copies the fallbacks. */
  public UpstreamSettings {
    fallbacks = List.copyOf(fallbacks);
  }

  /** An upstream that may be reached at any address. */
  public UpstreamSettings(
      String name,
      UpstreamKind kind,
      URI base,
      String provider,
      AuthScheme auth,
      @Nullable String region,
      @Nullable Secret credential,
      UpstreamTimeouts timeouts,
      int attempts,
      List<Fallback> fallbacks,
      BreakerSettings breaker) {
    this(
        name,
        kind,
        base,
        provider,
        auth,
        region,
        credential,
        timeouts,
        attempts,
        fallbacks,
        breaker,
        AddressRule.ANY);
  }

  /**
   * An upstream of which only that is known, with every other setting at its default, at any
   * address.
   */
  public static UpstreamSettings of(String name, UpstreamKind kind, URI base, String provider) {
    return new UpstreamSettings(
        name,
        kind,
        base,
        provider,
        kind.auth(),
        null,
        null,
        UpstreamTimeouts.DEFAULTS,
        2,
        List.of(),
        BreakerSettings.DEFAULTS,
        AddressRule.ANY);
  }
}
