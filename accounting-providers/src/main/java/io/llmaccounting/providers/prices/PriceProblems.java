package io.llmaccounting.providers.prices;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with one file: the first hundred problems, and the number of all. Not for threads.
 */
final class PriceProblems {
  private static final int MOST = 100;

  private final List<PriceFileException> first = new ArrayList<>();
  private long count;

  void add(PriceFileException problem) {
    count++;
    if (first.size() < MOST) {
      first.add(problem);
    }
  }

  long count() {
    return count;
  }

  void requireNone() {
    if (!first.isEmpty()) {
      throw PriceFileException.of(first, count);
    }
  }
}
