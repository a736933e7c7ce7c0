package io.llmaccounting.cli.calls;

import io.llmaccounting.usage.Plural;
import io.llmaccounting.usage.ReportRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Counts lines by what is to be said of them, and names the first of them. */
final class NotedLines {
  private static final int NAMED = 5;
  private static final int REASONS = 50;
  private static final String OTHER = ReportRow.OTHERS;

  /** Lines of one reason. */
  private static final class Lines {
    private final List<Long> first = new ArrayList<>(NAMED);
    private long count;

    void add(long line) {
      count++;
      if (first.size() < NAMED) {
        first.add(line);
      }
    }

    @Override
    public String toString() {
      String names = first.stream().map(String::valueOf).collect(Collectors.joining(", "));
      return Plural.noun(count, "line") + " " + names + (count > first.size() ? ", ..." : "");
    }
  }

  private final Map<String, Lines> reasons = new LinkedHashMap<>();
  private long count;

  void add(long line, String reason) {
    count++;
    boolean known = reasons.size() < REASONS || reasons.containsKey(reason);
    reasons.computeIfAbsent(known ? reason : OTHER, any -> new Lines()).add(line);
  }

  long count() {
    return count;
  }

  /** Writes one sentence for each reason, with the number of lines, the reason and the lines. */
  void tell(String sentence, Consumer<String> notes) {
    reasons.forEach(
        (reason, lines) -> notes.accept(sentence.formatted(lines.count, reason, lines)));
  }
}
