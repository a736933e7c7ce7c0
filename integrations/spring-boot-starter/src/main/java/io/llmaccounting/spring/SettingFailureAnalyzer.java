package io.llmaccounting.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells of a property that cannot be used in place of a stack trace. */
final class SettingFailureAnalyzer extends AbstractFailureAnalyzer<SettingException> {
  @Override
  protected @Nullable FailureAnalysis analyze(Throwable whole, SettingException cause) {
    return new FailureAnalysis(
        "The property %s %s, with which LLM Accounting cannot start:%n%n    %s"
            .formatted(cause.property(), cause.found(), cause.rule()),
        "Correct the property.",
        cause);
  }
}
