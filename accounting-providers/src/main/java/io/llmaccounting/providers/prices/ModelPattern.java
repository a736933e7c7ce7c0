package io.llmaccounting.providers.prices;

import java.util.Locale;

/**
 * A name of models with {@code *} for any characters and {@code #} for one digit. Matching takes at
 * most name times pattern steps, whatever the pattern.
 */
record ModelPattern(String text) {
  private static final int EXACT = Integer.MAX_VALUE;

  ModelPattern {
    text = text.toLowerCase(Locale.ROOT);
  }

  boolean isExact() {
    return text.indexOf('*') < 0 && text.indexOf('#') < 0;
  }

  /** How much of a name it pins down; of two patterns that match, the greater is meant. */
  int specificity() {
    return isExact() ? EXACT : (int) text.chars().filter(c -> c != '*').count();
  }

  /** Whether {@code name}, in lower case, matches. */
  boolean matches(String name) {
    int t = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (t < text.length() && text.charAt(t) == '*') {
        star = t++;
        resume = n;
      } else if (t < text.length() && stands(text.charAt(t), name.charAt(n))) {
        t++;
        n++;
      } else if (star >= 0) {
        t = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (t < text.length() && text.charAt(t) == '*') {
      t++;
    }
    return t == text.length();
  }

  private static boolean stands(char pattern, char c) {
    return pattern == '#' ? c >= '0' && c <= '9' : pattern == c;
  }
}
