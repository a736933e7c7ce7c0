package io.llmaccounting.providers.request;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks its provider to keep for the next ones. Providers that cache unasked are not
 * asked: all is absent then.
 *
 * @param marks how many marks it has: {@code cache_control}, {@code cachePoint}
 * @param characters Unicode characters of text from the start of the prompt, as the model reads it,
 *     to the end of what the last mark marks
 * @param key {@code prompt_cache_key}, or null
 * @param content the name of a {@code cachedContent} that stands before the prompt, or null
 */
public record CacheablePrefix(
    long marks, long characters, @Nullable String key, @Nullable String content) {}
