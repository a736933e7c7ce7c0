package io.llmaccounting.spring;

/** Where the filters stand. */
final class FilterOrder {
  /** After that of Spring Security, which has -100: it says who the principal is. */
  static final int AFTER_SECURITY = -50;

  /** Before the handler of Spring Boot, which has -1 and answers every error. */
  static final int BEFORE_ERRORS = -2;

  private FilterOrder() {}
}
