package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** A property that cannot be used stops the start, with its name, its value and what is right. */
class BadPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(LlmAccountingAutoConfiguration.class));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timeout | 0s | must be positive",
        "hold-time | 8d | must be from PT1S to P7D",
        "remember-denials | 6ms | must be at most",
        "denied-subjects | 0 | must be at least 1",
        "defaults.tags.team | ' ' | team",
        "expected-tokens.input | 5 | must have both input and output",
        "sqlite.readers | 65 | must be from 1 to 64",
        "sqlite.schema-mode | none | must be migrate or validate",
        "spool.max-size | 1B | maxBytes must be from",
        "prices.files | classpath:nowhere.json | must be a file that can be read",
        "prices.files | classpath:logback-test.xml | must be a file that can be read",
        "backend | postgresql | there is no bean of type DataSource",
        "postgres.data-source | orders | there is no bean of this name"
      })
  void isNamedByALibrarysRule(String property, String value, String rule) {
    runner
        .withPropertyValues(
            "llm.accounting.sqlite.path=target/bad.db",
            "llm.accounting.spool.folder=target/bad-spool",
            "llm.accounting." + property + "=" + value)
        .run(
            context ->
                assertThat(told(context.getStartupFailure()))
                    .contains("llm.accounting." + property.replaceAll("\\..*", ""))
                    .contains(rule));
  }

  @ParameterizedTest
  @CsvSource({
    "on-error, ignore, CONTINUE",
    "mode, fast, BUFFERED",
    "timeout, soon, Duration",
    "limit.max, 5, left unbound",
    "limits[0].maximum, 5, left unbound",
    "limits[0].metric, money, COST"
  })
  void isNamedByBoot(String property, String value, String rule) {
    runner
        .withPropertyValues("llm.accounting." + property + "=" + value)
        .run(
            context ->
                assertThat(told(context.getStartupFailure()))
                    .contains("llm.accounting." + property, value, rule));
  }

  @Test
  void isNamedIfItIsNoName() {
    runner
        .withPropertyValues("llm.accounting.defaults.user=" + "x".repeat(256))
        .run(
            context ->
                assertThat(told(context.getStartupFailure()))
                    .contains("llm.accounting.defaults", "user must be"));
  }

  /** What Spring Boot prints in place of a stack trace. */
  private static String told(Throwable failure) {
    return SpringFactoriesLoader.forDefaultResourceLocation()
        .load(FailureAnalyzer.class, FailureHandler.handleMessage((message, without) -> {}))
        .stream()
        .map(analyzer -> analyzer.analyze(failure))
        .filter(analysis -> analysis != null)
        .map(analysis -> analysis.getDescription() + analysis.getAction())
        .findFirst()
        .orElseGet(failure::toString);
  }
}
