package io.llmaccounting.server.cache;

import io.llmaccounting.usage.ModelAnswer;
import io.vertx.core.buffer.Buffer;

/**
 * An answer that is given again.
 *
 * @param contentType the header of that name
 * @param body what the client got, in whole events where it is a stream
 * @param told what it told of itself, with the tokens that it took
 * @param at when it was kept, by the cache's clock
 */
public record KeptAnswer(String contentType, Buffer body, ModelAnswer told, long at) {}
