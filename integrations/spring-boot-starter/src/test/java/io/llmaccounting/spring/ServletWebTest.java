package io.llmaccounting.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
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
    FilterRegistrationBean<Filter> security() {
      Filter filter =
          (request, response, chain) ->
              chain.doFilter(new Authenticated((HttpServletRequest) request), response);
      FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
      registration.setOrder(-100);
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
      return name == null ? null : () -> name;
    }
  }
}
