package io.llmaccounting.access;

import io.llmaccounting.validation.Check;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Names, and patterns in which a star stands for any characters or none. Pure. */
final class NamePatterns {
  private static final int MOST = 100;
  private static final char ANY = '*';

  private NamePatterns() {}

  /** Returns a sorted, unmodifiable copy whose members are at most 100 names. */
  static Set<String> checked(String field, Set<String> names) {
    if (names.size() > MOST) {
      throw new IllegalArgumentException(
          "%s must have at most %d entries, had %d".formatted(field, MOST, names.size()));
    }
    TreeSet<String> sorted = new TreeSet<>();
    names.forEach(name -> sorted.add(Check.name(field, name)));
    return Collections.unmodifiableSet(sorted);
  }

  static boolean matchAny(Set<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  // goes back to the last star only: what an earlier one could give, that one can give as well
  static boolean matches(String pattern, String name) {
    int at = 0;
    int star = -1;
    int taken = 0;
    int i = 0;
    while (i < name.length()) {
      if (at < pattern.length() && pattern.charAt(at) == ANY) {
        star = at++;
        taken = i;
      } else if (at < pattern.length() && pattern.charAt(at) == name.charAt(i)) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++taken;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == ANY) {
      at++;
    }
    return at == pattern.length();
  }
}
