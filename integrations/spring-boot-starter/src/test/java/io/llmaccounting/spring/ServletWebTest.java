package io.llmaccounting.spring;

import io.llmaccounting.LlmAccounting;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ServletWebTest extends WebContract {
  @Override
  WebApplicationType type() {
    return WebApplicationType.SERVLET;
  }

  @Override
  Class<?> security() {
    return Security.class;
  }

  @Configuration(proxyBeanMethods = false)
  static class Security {
    @Bean
    FilterRegistrationBean<Filter> security(
        @Value("${spring.security.filter.order:-100}") int order) {
      Filter filter =
          (request, response, chain) ->
              chain.doFilter(new Authenticated((HttpServletRequest) request), response);
      FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
      registration.setOrder(order);
      return registration;
    }
  }

  @Override
  Class<?> early() {
    return Early.class;
  }

  @Configuration(proxyBeanMethods = false)
  static class Early {
    @Bean
    FilterRegistrationBean<Filter> early(LlmAccounting accounting) {
      Filter filter =
          (request, response, chain) -> {
            if (((HttpServletRequest) request).getHeader("Test-Early") != null) {
              askEarly(accounting);
            }
            chain.doFilter(request, response);
          };
      FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
      registration.setOrder(-200);
      return registration;
    }
  }

  private static final class Authenticated extends HttpServletRequestWrapper {
    Authenticated(HttpServletRequest request) {
      super(request);
    }

    @Override
    public Principal getUserPrincipal() {
      String name = getHeader("Test-Principal");
      return name == null || name.equals("nobody") ? null : () -> name;
    }
  }
}
