package io.llmaccounting.server.config;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway treats requests.
 *
 * @param upstreams all upstreams, by name
 * @param defaultUpstream the one that {@code /v1/...} leads to, or null for none
 * @param passThrough whether callers without a key of ours may bring the provider's own, and say in
 *     headers who they are
 * @param goneClients what happens to an answer whose client has gone
 * @param bodies how large bodies may be
 * @param rates how often may be asked
 * @param keepAlive after how long a silent stream is told that it lives on, or null for never
 * @param cache how answers are kept to be given again, or null where they are not
 */
public record GatewaySettings(
    Map<String, UpstreamSettings> upstreams,
    @Nullable String defaultUpstream,
    boolean passThrough,
    GoneClients goneClients,
    BodyLimits bodies,
    RequestRates rates,
    @Nullable Duration keepAlive,
    @Nullable CacheSettings cache) {
  /** Copies the upstreams. */
  public GatewaySettings {
    upstreams = Map.copyOf(upstreams);
  }

  /** Settings by which no answer is kept. */
  public GatewaySettings(
      Map<String, UpstreamSettings> upstreams,
      @Nullable String defaultUpstream,
      boolean passThrough,
      GoneClients goneClients,
      BodyLimits bodies,
      RequestRates rates,
      @Nullable Duration keepAlive) {
    this(upstreams, defaultUpstream, passThrough, goneClients, bodies, rates, keepAlive, null);
  }

  /** What happens to an answer whose client has gone. */
  public enum GoneClients {
    /** The upstream is told to stop; what had come is recorded. */
    CANCEL,
    /** The answer is read to its end, so that it is recorded as the provider counts it. */
    DRAIN
  }
}
