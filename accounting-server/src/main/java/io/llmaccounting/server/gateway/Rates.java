package io.llmaccounting.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.llmaccounting.server.config.RequestRates;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;

/**
 * Bounds how often one address and one key may ask this instance, so that a client that runs wild
 * takes nothing from the others. Safe for use by many threads.
 */
public final class Rates {
  private static final int MOST_KNOWN = 100_000;

  private final RequestRates rates;
  private final Cache<String, Bucket> addresses = cache();
  private final Cache<String, Bucket> keys = cache();

  /** Bounds them as {@code rates} says. */
  public Rates(RequestRates rates) {
    this.rates = rates;
  }

  private static Cache<String, Bucket> cache() {
    return Caffeine.newBuilder()
        .maximumSize(MOST_KNOWN)
        .expireAfterAccess(Duration.ofMinutes(1))
        .build();
  }

  /**
   * Lets a request of an address through.
   *
   * @throws RefusedException if there were too many
   */
  public void take(SocketAddress address) {
    if (rates.perAddress() > 0) {
      take(addresses, String.valueOf(address.hostAddress()), rates.perAddress(), "this address");
    }
  }

  /**
   * Lets a request with a key through.
   *
   * @throws RefusedException if there were too many
   */
  void take(Caller caller) {
    if (caller.key() != null) {
      take(caller.key());
    }
  }

  /**
   * Lets a request with the key of this id through.
   *
   * @throws RefusedException if there were too many
   */
  public void take(String key) {
    if (rates.perKey() > 0) {
      take(keys, key, rates.perKey(), "this key");
    }
  }

  private static void take(Cache<String, Bucket> known, String who, int perSecond, String what) {
    Bucket bucket =
        known.get(
            who,
            unknown ->
                Bucket.builder()
                    .addLimit(
                        limit ->
                            limit
                                .capacity(perSecond)
                                .refillGreedy(perSecond, Duration.ofSeconds(1)))
                    .build());
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw new RefusedException(
          Refusal.of(
                  Refusal.Code.RATE_LIMIT_EXCEEDED,
                  "%s sends more than %d requests a second".formatted(what, perSecond))
              .retryAfter(Duration.ofNanos(probe.getNanosToWaitForRefill())));
    }
  }
}
