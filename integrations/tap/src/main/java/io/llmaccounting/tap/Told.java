package io.llmaccounting.tap;

import io.llmaccounting.call.AsyncCall;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.call.MeteredCall;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.usage.TokenUsage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The call that an exchange tells of.
 *
 * @param call one's own, or one that a layer further out has begun
 * @param own the same if it is one's own, so that the exchange ends it; else null
 */
record Told(MeteredCall call, @Nullable LlmCall own) {
  CompletionStage<Decision> tokens(TokenUsage soFar) {
    return call instanceof AsyncCall quick
        ? quick.progressAsync(soFar)
        : CompletableFuture.completedFuture(call.progress(soFar));
  }

  CompletionStage<Decision> text(long characters) {
    return call instanceof AsyncCall quick
        ? quick.textSeenAsync(characters)
        : CompletableFuture.completedFuture(call.textSeen(characters));
  }
}
