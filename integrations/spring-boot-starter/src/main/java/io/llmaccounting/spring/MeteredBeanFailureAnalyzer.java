package io.llmaccounting.spring;

import io.llmaccounting.spring.internal.Metered;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Tells of a model that can be injected by its interfaces only, because it is metered. */
@Order(0)
final class MeteredBeanFailureAnalyzer
    extends AbstractFailureAnalyzer<BeanNotOfRequiredTypeException> {
  @Override
  protected @Nullable FailureAnalysis analyze(
      Throwable whole, BeanNotOfRequiredTypeException cause) {
    Class<?> actual = cause.getActualType();
    if (!Metered.class.isAssignableFrom(actual)) {
      return null;
    }
    return new FailureAnalysis(
        "The bean %s is metered by LLM Accounting. Its class can have no subclass, so that it cannot be injected as %s."
            .formatted(cause.getBeanName(), cause.getRequiredType().getName()),
        "Inject it as one of its interfaces, or leave it unmetered by"
            + " llm.accounting.metering.exclude="
            + cause.getBeanName()
            + '.',
        cause);
  }
}
