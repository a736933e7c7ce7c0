package io.llmaccounting.cli.console;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds what somebody may have meant who typed something unknown. */
public final class Near {
  private static final int MOST = 3;
  private static final int SHORTEST_BEGINNING = 4;

  private Near() {}

  /** The closest of {@code known}, a few typing errors away at most; empty where none is. */
  public static List<String> to(String typed, Collection<String> known) {
    String word = typed.toLowerCase(Locale.ROOT);
    TreeMap<Integer, TreeSet<String>> byDistance = new TreeMap<>();
    int furthest = Math.max(1, Math.min(MOST, word.length() / 3));
    for (String candidate : known) {
      String other = candidate.toLowerCase(Locale.ROOT);
      boolean beginning = word.length() >= SHORTEST_BEGINNING && other.startsWith(word);
      int distance = distance(word, other);
      if (distance <= furthest || beginning) {
        int rank = beginning ? Math.min(distance, furthest) : distance;
        byDistance.computeIfAbsent(rank, any -> new TreeSet<>()).add(candidate);
      }
    }
    return byDistance.isEmpty()
        ? List.of()
        : byDistance.firstEntry().getValue().stream().limit(MOST).toList();
  }

  /** Asks whether the closest was meant, ending with a blank; empty where nothing is near. */
  public static String question(String typed, Collection<String> known) {
    List<String> near = to(typed, known);
    return near.isEmpty() ? "" : "Did you mean '" + String.join("' or '", near) + "'? ";
  }

  // Counts the characters that are missing, too many, different or swapped.
  private static int distance(String one, String other) {
    int[] older = new int[other.length() + 1];
    int[] last = new int[other.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[last.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int step = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(last[j - 1] + step, 1 + Math.min(last[j], row[j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && one.charAt(i - 1) == other.charAt(j - 2)
                && one.charAt(i - 2) == other.charAt(j - 1);
        row[j] = swapped ? Math.min(row[j], older[j - 2] + 1) : row[j];
      }
      older = last;
      last = row;
    }
    return last[other.length()];
  }
}
