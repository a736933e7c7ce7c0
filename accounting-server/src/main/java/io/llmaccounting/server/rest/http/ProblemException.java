package io.llmaccounting.server.rest.http;

import io.llmaccounting.server.rest.contract.Fault;
import java.util.List;

/** A request is not answered as it was meant: the client is told why. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /** Carries what the client is told. */
  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** Carries that kind of problem. */
  public ProblemException(Problem.Code code, String detail) {
    this(Problem.of(code, detail));
  }

  /** Something in the request is wrong. */
  public static ProblemException invalid(String field, String expected, Object was) {
    return new ProblemException(
        Problem.of(List.of(new Fault(field, expected, String.valueOf(was)))));
  }

  /** What the client is told. */
  public Problem problem() {
    return problem;
  }
}
