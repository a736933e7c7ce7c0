package io.llmaccounting.server.gateway;

import io.llmaccounting.server.config.Secret;
import io.llmaccounting.usage.Attribution;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and what they may.
 *
 * @param key the id of their key, or null for a caller that brings the provider's own
 * @param attribution to whom their calls are attributed
 * @param models which models they may ask
 * @param providers which providers they may ask, by OpenTelemetry's name or the upstream's
 * @param own the provider's own credential that they bring, or null
 * @param confined whether there are models that they may not ask
 */
public record Caller(
    @Nullable String key,
    Attribution attribution,
    Predicate<String> models,
    Predicate<String> providers,
    @Nullable Secret own,
    boolean confined) {
  /** A caller who brings no credential of a provider, and may ask what names no model. */
  public Caller(
      @Nullable String key,
      Attribution attribution,
      Predicate<String> models,
      Predicate<String> providers) {
    this(key, attribution, models, providers, null, false);
  }

  /** A caller without a key of ours, who brings the provider's own. */
  static Caller bringing(Secret own) {
    return new Caller(null, Attribution.NONE, model -> true, provider -> true, own, false);
  }
}
