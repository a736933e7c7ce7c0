package io.llmaccounting.tap;

/** What passes is not packed or framed as its headers say; the words tell what is wrong with it. */
final class UnreadableBytes extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableBytes(String problem) {
    super("the answer could not be read as it passed: " + problem);
  }

  UnreadableBytes(String problem, Throwable cause) {
    super("the answer could not be read as it passed: " + problem, cause);
  }
}
