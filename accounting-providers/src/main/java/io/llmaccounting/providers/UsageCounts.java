package io.llmaccounting.providers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one usage object says, by the declarations of its dialect. Confined to one thread. */
final class UsageCounts {
  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private final List<String> unread = new ArrayList<>();
  private final List<Long> otherTotals = new ArrayList<>();
  private boolean disputed;

  /**
   * Reads {@code usage}.
   *
   * @throws IllegalArgumentException if something else stands where a count should, or one key
   *     stands there twice
   */
  static UsageCounts of(UsageTree usage, AnswerFields fields) {
    if (usage.repeatsKeys()) {
      throw new IllegalArgumentException("usage must not repeat a key, was " + usage.json());
    }
    UsageCounts counts = new UsageCounts();
    for (Count count : Count.values()) {
      counts.read(count, usage, fields);
    }
    usage.figures(
        (path, figure) -> {
          if (fields.isUnreadCount(path)) {
            counts.unread(path, WrittenNumber.count(figure));
          }
        });
    return counts;
  }

  private void read(Count count, UsageTree usage, AnswerFields fields) {
    for (UsagePath path : fields.counts(count)) {
      Long value = path.count(usage);
      Long before = counts.get(count);
      if (value == null || value.equals(before)) {
        continue;
      }
      if (before == null || before == 0) {
        counts.put(count, value);
      } else if (value > 0) {
        unread.add(path.text());
        disputed |= count == Count.INPUT || count == Count.OUTPUT || count == Count.TOTAL;
      }
    }
  }

  private void unread(String path, @Nullable Long value) {
    if (value == null || value > 0) {
      unread.add(path);
    }
    if (value != null && AnswerFields.isTotal(path)) {
      otherTotals.add(value);
    }
  }

  boolean has(Count count) {
    return counts.containsKey(count);
  }

  long get(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  /** Takes a count for what it is not part of, so that nothing is divided by it. */
  void leaveOut(Count count) {
    counts.remove(count);
  }

  /** Takes 0 where this count is not told. */
  void orZero(Count count) {
    counts.putIfAbsent(count, 0L);
  }

  /**
   * Takes what a total has beyond input and output for audio. Mistral bills it by the second and
   * counts it in the total alone.
   */
  void restIsAudio() {
    long rest = get(Count.TOTAL) - get(Count.INPUT) - get(Count.OUTPUT);
    if (rest > 0 && has(Count.INPUT) && !has(Count.AUDIO_INPUT) && !has(Count.TOOL_INPUT)) {
      counts.put(Count.INPUT, get(Count.INPUT) + rest);
      counts.put(Count.AUDIO_INPUT, rest);
    }
  }

  /** Takes {@code other} where this count is not told. */
  void orElse(Count count, Count other) {
    Long value = counts.get(other);
    if (value != null) {
      counts.putIfAbsent(count, value);
    }
  }

  @Nullable Long optional(Count count) {
    return counts.get(count);
  }

  /** What looks like tokens and was not read, and spellings that contradict the one read. */
  List<String> unread() {
    return unread;
  }

  /**
   * Whether something that looks like tokens was not read and may lie beside what was; what is
   * called a detail is part of something.
   */
  boolean mayHaveMore() {
    return unread.stream().anyMatch(path -> !path.matches("(?i).*details?\\..*"));
  }

  /** Totals under names that nobody declared. */
  List<Long> otherTotals() {
    return otherTotals;
  }

  /** Whether two spellings of one count tell different figures. */
  boolean disputed() {
    return disputed;
  }
}
