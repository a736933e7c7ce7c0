package io.llmaccounting.server.gateway;

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
 */
public record Caller(
    @Nullable String key,
    Attribution attribution,
    Predicate<String> models,
    Predicate<String> providers) {}
