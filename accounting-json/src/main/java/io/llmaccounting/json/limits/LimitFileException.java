package io.llmaccounting.json.limits;

import java.util.List;

/**
 * A file of limits can not be used; says all that is wrong with it, each with its line where that
 * is known, its field, the value and the rule.
 */
public final class LimitFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * Names the problems.
   *
   * @param problems at least one
   */
  public LimitFileException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** A file that is none of its syntax. */
  public static LimitFileException at(int line, String problem) {
    return new LimitFileException(List.of(located(line, problem)));
  }

  /** A problem with the line in front, where that is known. */
  static String located(int line, String problem) {
    return line > 0 ? "line " + line + ": " + problem : problem;
  }

  /** All that is wrong with the file, a sentence each, in the order of the file. */
  public List<String> problems() {
    return problems == null ? List.of(String.valueOf(getMessage())) : problems;
  }
}
