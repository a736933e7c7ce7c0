package io.llmaccounting.providers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where one shape of answer says what: everything that its dialect reads is declared here, so that
 * the capture keeps no more than that, and the documentation lists no less. Not changed once it is
 * built.
 */
final class AnswerFields {
  private static final Set<String> TELLS_NO_COUNT =
      Set.of("cost", "price", "per", "time", "duration", "ms", "rate", "limit", "max", "budget");

  private final List<String> usages = new ArrayList<>();
  private final Set<String> keys = new LinkedHashSet<>();
  private final Set<String> rootCounts = new LinkedHashSet<>();
  private final Map<Word, List<String>> words = new EnumMap<>(Word.class);
  private final Map<Count, List<UsagePath>> counts = new EnumMap<>(Count.class);
  private final Map<String, List<UsagePath>> extras = new LinkedHashMap<>();
  private final Map<Count, Set<String>> tops = new EnumMap<>(Count.class);
  private final List<String> costs = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private final List<String> repetitions = new ArrayList<>();

  /** Usage objects, the first that says anything is read. */
  AnswerFields usageAt(String... paths) {
    usages.addAll(List.of(paths));
    return this;
  }

  /** Counts that stand at the top of the answer, not in an object of their own. */
  AnswerFields rootCounts(String... paths) {
    rootCounts.addAll(List.of(paths));
    return this;
  }

  /** Keys whose presence tells the shape. */
  AnswerFields keys(String... names) {
    keys.addAll(List.of(names));
    return this;
  }

  AnswerFields word(Word word, String... paths) {
    words.computeIfAbsent(word, w -> new ArrayList<>()).addAll(List.of(paths));
    return this;
  }

  /** The spellings of a count in a usage object; the first with a value above zero is read. */
  AnswerFields count(Count count, String... paths) {
    for (String text : paths) {
      UsagePath path = new UsagePath(text);
      counts.computeIfAbsent(count, c -> new ArrayList<>()).add(path);
      tops.computeIfAbsent(count, c -> new HashSet<>()).add(path.top());
      known.add(path.plain());
    }
    return this;
  }

  /** A count of what is billed apart from tokens. */
  AnswerFields extra(String name, String... paths) {
    for (String text : paths) {
      UsagePath path = new UsagePath(text);
      extras.computeIfAbsent(name, n -> new ArrayList<>()).add(path);
      known.add(path.plain());
    }
    return this;
  }

  /** A cost that the provider reports. */
  AnswerFields cost(String... paths) {
    costs.addAll(List.of(paths));
    return this;
  }

  /** Counts that are part of others, so that nothing is lost where they are not read. */
  AnswerFields partOfOthers(String... paths) {
    known.addAll(Arrays.asList(paths));
    return this;
  }

  /** Objects in which the provider's own usage is repeated. */
  AnswerFields repeatedIn(String... names) {
    repetitions.addAll(List.of(names));
    return this;
  }

  List<String> usages() {
    return usages;
  }

  Set<String> keys() {
    return keys;
  }

  Set<String> rootCounts() {
    return rootCounts;
  }

  List<String> words(Word word) {
    return words.getOrDefault(word, List.of());
  }

  List<UsagePath> counts(Count count) {
    return counts.getOrDefault(count, List.of());
  }

  Map<String, List<UsagePath>> extras() {
    return extras;
  }

  List<String> costs() {
    return costs;
  }

  /** The keys at the top of a usage object that tell input. */
  Set<String> inputKeys() {
    return tops(true, false);
  }

  Set<String> outputKeys() {
    return tops(false, false);
  }

  Set<String> totalKeys() {
    return tops(false, true);
  }

  private Set<String> tops(boolean input, boolean total) {
    Set<String> names = new HashSet<>();
    tops.forEach(
        (count, top) -> {
          if (count.isInput() == input && (count == Count.TOTAL) == total) {
            names.addAll(top);
          }
        });
    return names;
  }

  /** Whether a number at this path looks like tokens, and nothing here reads or explains it. */
  boolean isUnreadCount(String path) {
    if (known.contains(path)
        || repetitions.stream().anyMatch(name -> path.startsWith(name + "."))) {
      return false;
    }
    String name = path.substring(path.lastIndexOf('.') + 1);
    Set<String> parts = Set.copyOf(Arrays.asList(words(path)));
    boolean counts = parts.stream().anyMatch(p -> p.startsWith("token") || p.startsWith("cache"));
    return counts && !name.isEmpty() && parts.stream().noneMatch(TELLS_NO_COUNT::contains);
  }

  /** Whether the last key of this path is named like a total of tokens. */
  static boolean isTotal(String path) {
    List<String> parts = List.of(words(path.substring(path.lastIndexOf('.') + 1)));
    return parts.contains("total")
        && parts.stream().anyMatch(p -> p.startsWith("token"))
        && Set.of("total", "token", "tokens", "count").containsAll(parts);
  }

  private static String[] words(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT)
        .split("[^a-z0-9]+");
  }
}
