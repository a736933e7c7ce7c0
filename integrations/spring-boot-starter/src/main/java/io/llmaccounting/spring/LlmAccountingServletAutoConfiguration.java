package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.filter.OncePerRequestFilter;

/** Says who calls in servlet applications, and answers denied calls. */
@AutoConfiguration(after = LlmAccountingAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({Filter.class, OncePerRequestFilter.class})
@ConditionalOnBean({LlmAccounting.class, LlmAccountingProperties.class})
@ConditionalOnBooleanProperty(name = "llm.accounting.web.enabled", matchIfMissing = true)
public class LlmAccountingServletAutoConfiguration {
  LlmAccountingServletAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  RequestAttribution llmAccountingAttribution(LlmAccountingProperties properties) {
    return new ConfiguredAttribution(properties.web());
  }

  @Bean
  @ConditionalOnMissingBean(name = "llmAccountingFilter")
  FilterRegistrationBean<Filter> llmAccountingFilter(
      RequestAttribution attribution, LlmAccountingProperties properties, Environment environment) {
    return registered(
        new CallContextFilter(attribution, new ServletRefusals(properties.web())),
        FilterOrder.afterSecurity(environment));
  }

  @Bean
  @ConditionalOnMissingBean(name = "llmAccountingDenialFilter")
  @ConditionalOnBooleanProperty(name = "llm.accounting.web.answer-denials", matchIfMissing = true)
  FilterRegistrationBean<Filter> llmAccountingDenialFilter(LlmAccountingProperties properties) {
    return registered(new DenialFilter(new ServletRefusals(properties.web())), FilterOrder.OUTSIDE);
  }

  private static FilterRegistrationBean<Filter> registered(Filter filter, int order) {
    FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(order);
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    registration.setAsyncSupported(true);
    return registration;
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBooleanProperty(name = "llm.accounting.web.answer-denials", matchIfMissing = true)
  DenialAdvice llmAccountingDenialAdvice(
      ApplicationContext application, LlmAccountingProperties properties) {
    return new DenialAdvice(application, properties.web().tellLimits());
  }
}
