package io.llmaccounting.spring;

/** A header that is to say who calls is no name. The client is told so. */
final class UnusableHeaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableHeaderException(String header, String rule) {
    super("header " + header + " must be one name: " + rule);
  }
}
