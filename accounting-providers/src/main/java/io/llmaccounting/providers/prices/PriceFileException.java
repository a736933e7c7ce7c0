package io.llmaccounting.providers.prices;

import io.llmaccounting.usage.Plural;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of prices can not be used; the message says where in it, what was found, and the rule. */
public final class PriceFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final transient List<String> problems;

  PriceFileException(String file, int line, String problem, @Nullable Throwable cause) {
    super(
        line > 0 ? "%s, line %d: %s".formatted(file, line, problem) : file + ": " + problem, cause);
    this.line = line;
    this.problems = List.of(String.valueOf(getMessage()));
  }

  private PriceFileException(
      String message, List<String> problems, int line, PriceFileException cause) {
    super(message, cause.getCause());
    this.line = line;
    this.problems = problems;
  }

  /** Joins {@code count} problems into one exception; {@code first} are the first of them. */
  static PriceFileException of(List<PriceFileException> first, long count) {
    PriceFileException one = first.get(0);
    if (count == 1) {
      return one;
    }
    List<String> problems = new ArrayList<>();
    first.forEach(problem -> problems.add(String.valueOf(problem.getMessage())));
    if (count > first.size()) {
      problems.add("and " + Plural.of(count - first.size(), "further problem"));
    }
    return new PriceFileException(
        "%s; and %s in this file"
            .formatted(one.getMessage(), Plural.of(count - 1, "further problem")),
        List.copyOf(problems),
        one.line(),
        one);
  }

  /**
   * All that is wrong with the file, a sentence each with line and field: at least one, at most the
   * first hundred and a last sentence that says how many more there are.
   */
  public List<String> problems() {
    return problems == null ? List.of(String.valueOf(getMessage())) : problems;
  }

  /** The line of the first problem, counted from 1; 0 where the file as a whole is the problem. */
  public int line() {
    return line;
  }
}
