package io.llmaccounting.spring;

import io.llmaccounting.LlmAccountingBuilder;

/**
 * Changes how the accounting is built, after the properties were applied. Any number of beans may
 * have this type; they are called in their order, each once.
 */
@FunctionalInterface
public interface LlmAccountingCustomizer {
  /** Changes what is about to be built. */
  void customize(LlmAccountingBuilder builder);
}
