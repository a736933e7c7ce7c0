package io.llmaccounting.spring;

import org.springframework.core.env.Environment;

/** Where the filters stand. */
final class FilterOrder {
  /** After that of Spring Security, which has -100: it says who the principal is. */
  static final int AFTER_SECURITY = -50;

  private static final int SECURITY = -100;
  private static final String OF_SECURITY = "spring.security.filter.order";

  /** Outside of those of applications, also of that of Spring Security. */
  static final int OUTSIDE = Integer.MIN_VALUE + 100;

  /** Before the handler of Spring Boot, which has -1 and answers every error. */
  static final int BEFORE_ERRORS = -2;

  private FilterOrder() {}

  /** After that of Spring Security, wherever the application has put it. */
  static int afterSecurity(Environment environment) {
    int security = environment.getProperty(OF_SECURITY, Integer.class, SECURITY);
    return (int) Math.min(Integer.MAX_VALUE, security + (long) AFTER_SECURITY - SECURITY);
  }
}
