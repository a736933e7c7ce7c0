package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.micrometer.AccountingMetrics;
import io.llmaccounting.micrometer.MetricsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Tells Micrometer how calls go, where accounting-micrometer is there. Spring Boot binds the meters
 * to its registries.
 */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnClass({AccountingMetrics.class, MeterRegistry.class})
@ConditionalOnBean({LlmAccounting.class, LlmAccountingProperties.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.metrics.enabled", matchIfMissing = true)
public class LlmAccountingMetricsAutoConfiguration {
  LlmAccountingMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  AccountingMetrics llmAccountingMetrics(LlmAccountingProperties properties) {
    LlmAccountingProperties.Metrics said = properties.metrics();
    MetricsSettings[] settings = {MetricsSettings.defaults()};
    SettingException.with(
        LlmAccountingProperties.PREFIX + "metrics.tags",
        said.tags().isEmpty() ? null : said.tags(),
        tags ->
            settings[0] =
                settings[0].by(tags.toArray(io.llmaccounting.usage.Dimension.Kind[]::new)));
    SettingException.with(
        LlmAccountingProperties.PREFIX + "metrics.most-series",
        said.mostSeries(),
        most -> settings[0] = settings[0].mostSeries(most));
    return new AccountingMetrics(settings[0]);
  }

  // the accounting is told of the meters as a listener, so that they cannot ask for it
  @Bean
  SmartInitializingSingleton llmAccountingMetricsWatch(
      AccountingMetrics metrics, LlmAccounting accounting) {
    return () -> metrics.watch(accounting::health);
  }
}
