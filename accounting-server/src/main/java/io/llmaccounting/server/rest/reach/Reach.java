package io.llmaccounting.server.rest.reach;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.health.Health;
import io.llmaccounting.providers.prices.PriceCatalog;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a key reaches of the accounting. Handlers have nothing but this, so that none of them can
 * forget that a key is confined to a project. Safe for use by many threads.
 */
public final class Reach {
  private final LlmAccounting accounting;
  private final PriceCatalog prices;
  private final @Nullable AccessKey key;
  private final Confinement confinement;

  /**
   * @param prices those by which calls are priced
   * @param key the caller's key, or null for requests that need none
   */
  public Reach(LlmAccounting accounting, PriceCatalog prices, @Nullable AccessKey key) {
    this.accounting = accounting;
    this.prices = prices;
    this.key = key;
    this.confinement = Confinement.of(key);
  }

  /** The project that the key is confined to, or null. */
  public @Nullable String project() {
    return confinement.project();
  }

  /** Whether the key is confined to a project. */
  public boolean isConfined() {
    return project() != null;
  }

  /** How the accounting fares. */
  public Health health() {
    return accounting.health();
  }

  /** Calls that were recorded, and are to be. */
  public UsageReach usage() {
    return new UsageReach(accounting, confinement);
  }

  /** Limits, as those see them who make calls. */
  public QuotaReach quotas() {
    return new QuotaReach(accounting.quotas(), confinement);
  }

  /** Keys by which callers are known. */
  public KeyReach keys() {
    return new KeyReach(accounting.access().by(actor()), confinement);
  }

  /** Limits, and what they refused. */
  public LimitReach limits() {
    return new LimitReach(accounting, accounting.limits().by(actor()), quotas());
  }

  /** Projects and users that are known. */
  public DirectoryReach directory() {
    return new DirectoryReach(accounting.directory(), confinement);
  }

  /** What calls cost. */
  public PriceReach prices() {
    return new PriceReach(prices, confinement);
  }

  /** The tasks of operators. */
  public AdminReach admin() {
    return new AdminReach(accounting.admin(), confinement);
  }

  /** The audit log. */
  public AuditReach audit() {
    return new AuditReach(accounting.audit(), confinement);
  }

  private String actor() {
    return key == null ? "nobody" : "key " + key.id();
  }

  /** The time by the accounting's clock. */
  public Instant now() {
    return accounting.health().at();
  }
}
