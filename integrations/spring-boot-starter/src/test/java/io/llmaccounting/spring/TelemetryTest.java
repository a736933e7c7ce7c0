package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.micrometer.AccountingMetrics;
import io.llmaccounting.opentelemetry.AccountingTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.spring.autoconfigure.OpenTelemetryAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Who is told of calls, by what is there. */
class TelemetryTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  LlmAccountingAutoConfiguration.class,
                  LlmAccountingMetricsAutoConfiguration.class,
                  LlmAccountingTelemetryAutoConfiguration.class));

  @Test
  void tellsOpenTelemetryWhereItIsABean() {
    runner.run(context -> assertThat(context).doesNotHaveBean(AccountingTelemetry.class));
    runner
        .withBean(OpenTelemetry.class, OpenTelemetry::noop)
        .withPropertyValues("llm.accounting.telemetry.spans=false")
        .run(context -> assertThat(context).hasSingleBean(AccountingTelemetry.class));
    runner
        .withBean(OpenTelemetry.class, OpenTelemetry::noop)
        .withPropertyValues("llm.accounting.telemetry.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(AccountingTelemetry.class));
  }

  @Test
  void waitsForTheBeanOfOpenTelemetrysStarter() {
    runner
        .withConfiguration(AutoConfigurations.of(OpenTelemetryAutoConfiguration.class))
        .run(context -> assertThat(context).hasSingleBean(AccountingTelemetry.class));
  }

  @Test
  void needsNoneOfThem() {
    runner
        .withClassLoader(
            new FilteredClassLoader("io.micrometer", "io.opentelemetry", "dev.langchain4j"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean("llmAccountingMetrics");
            });
  }

  @Test
  void refusesTagsThatWouldHaveNoEnd() {
    runner
        .withPropertyValues("llm.accounting.metrics.tags=session")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("llm.accounting.metrics.tags")
                    .hasStackTraceContaining("tags must be of"));
    runner
        .withPropertyValues("llm.accounting.metrics.tags=project,model")
        .run(context -> assertThat(context).hasSingleBean(AccountingMetrics.class));
  }
}
