package io.llmaccounting.providers.request;

/** A body that can not be read; never leaves the package. */
final class UnreadableBody extends Exception {
  private static final long serialVersionUID = 1L;

  private final String problem;

  /** Goes on from the word "request"; has nothing of the body in it. */
  UnreadableBody(String problem) {
    super(problem);
    this.problem = problem;
  }

  String problem() {
    return problem;
  }
}
