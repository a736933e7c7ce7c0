package io.llmaccounting.providers;

import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.TokenUsage;
import java.util.List;

/**
 * Tokens as read from usage.
 *
 * @param tokens the disjoint kinds
 * @param whole whether they are all that the usage tells; else they are a lower bound
 * @param exact whether every kind is told; else a division of them was bounded
 * @param parts inferences of their own, whose tokens are within {@code tokens}
 */
record TokenReading(TokenUsage tokens, boolean whole, boolean exact, List<CallPart> parts) {
  TokenReading(TokenUsage tokens, boolean whole, boolean exact) {
    this(tokens, whole, exact, List.of());
  }
}
