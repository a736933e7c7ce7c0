package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.tap.MeteredMethod;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * The accounting of the application, and its limits. Whatever the application has a bean of itself
 * is taken in place of what would be made here: an {@link LlmAccounting} as a whole, a {@link
 * io.llmaccounting.backend.UsageBackend} or {@link BackendOpener}, a {@link Pricing}, a {@link
 * io.llmaccounting.backend.Spool}. All beans of type {@link io.llmaccounting.call.CallListener} are
 * told of calls, and every {@link LlmAccountingCustomizer} has the last word.
 */
@AutoConfiguration(
    afterName = {
      // where Spring Boot 3.5 has it, and where 4.0 has
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnBooleanProperty(name = "llm.accounting.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LlmAccountingProperties.class)
public class LlmAccountingAutoConfiguration {
  LlmAccountingAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean({Pricing.class, LlmAccounting.class})
  Pricing llmAccountingPricing(LlmAccountingProperties properties) {
    return PriceFiles.read(properties.prices());
  }

  @Bean(name = AccountingAssembly.BEAN, destroyMethod = "close")
  @ConditionalOnMissingBean
  LlmAccounting llmAccounting(
      LlmAccountingProperties properties,
      ConfigurableListableBeanFactory beans,
      Environment environment) {
    return new AccountingAssembly(properties, beans, environment).build();
  }

  // static, and of nothing that is made already: it is made before all other beans
  @Bean
  @ConditionalOnBooleanProperty(name = "llm.accounting.metering.enabled", matchIfMissing = true)
  static MeteredBeans llmAccountingMeteredBeans(
      ObjectProvider<Meterable<?>> kinds,
      ObjectProvider<LlmAccounting> accounting,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    Set<String> excluded =
        Binder.get(environment)
            .bind("llm.accounting.metering.exclude", Bindable.setOf(String.class))
            .orElse(Set.of());
    ModelNames names =
        new ModelNames(
            Binder.get(environment)
                .bind(ModelNames.PROPERTY, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of()));
    return new MeteredBeans(kinds, new LateMeter(accounting::getObject), excluded, names, beans);
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "llm.accounting.metering.enabled", matchIfMissing = true)
  static TrackedMethods llmAccountingTrackedMethods(
      ObjectProvider<LlmAccounting> accounting, ConfigurableListableBeanFactory beans) {
    boolean reactive =
        ClassUtils.isPresent("reactor.core.publisher.Mono", beans.getBeanClassLoader());
    MeteredMethod metered = MeteredMethod.of(new LateMeter(accounting::getObject));
    return new TrackedMethods(
        new TrackedCalls(
            reactive ? metered.following(new ReactiveReturns()) : metered,
            new SaidInAnnotation(beans),
            reactive));
  }

  @Bean
  DeclaredLimits llmAccountingLimits(
      LlmAccounting accounting, LlmAccountingProperties properties, Environment environment) {
    return new DeclaredLimits(
        accounting.limits(), DeclaredSet.of(properties, environment), properties.takeLimitsOver());
  }
}
