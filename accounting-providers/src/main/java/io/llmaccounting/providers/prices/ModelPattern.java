package io.llmaccounting.providers.prices;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A name of models with {@code *} for any characters, {@code #} for one digit, and {@code ~} at the
 * end for a version: nothing, a date, {@code -latest}, {@code -preview}, {@code -v1:0} and the
 * like.
 */
final class ModelPattern {
  private static final int EXACT = Integer.MAX_VALUE;
  private static final int LONGEST_VERSION = 40;

  // A version is a date or a number of at least three digits: "-1" or "-mini" is another model.
  private static final Pattern VERSION =
      Pattern.compile(
          "(?:[-@](?:\\d{8}|\\d{4}-\\d{2}-\\d{2}|\\d{2}-\\d{2,4}|\\d{3,4}|latest|preview|exp"
              + "|experimental|beta|default|v\\d{1,2}(?::\\d{1,2})?))*+");

  private final String text;
  private final String body;
  private final boolean versioned;
  private final boolean crossing;

  /** A pattern whose {@code *} stands for any characters. */
  ModelPattern(String text) {
    this(text, true);
  }

  private ModelPattern(String text, boolean crossing) {
    this.text = text.toLowerCase(Locale.ROOT);
    this.versioned = this.text.endsWith("~");
    this.body = versioned ? this.text.substring(0, this.text.length() - 1) : this.text;
    this.crossing = crossing;
  }

  /**
   * A pattern whose {@code *} does not reach over {@code /} or {@code :}, with which other sellers
   * mark the models that they resell or change, unless the pattern itself has such a mark.
   */
  static ModelPattern ofMaker(String text) {
    return new ModelPattern(text, text.indexOf('/') >= 0 || text.indexOf(':') >= 0);
  }

  String text() {
    return text;
  }

  boolean isExact() {
    return !versioned && text.indexOf('*') < 0 && text.indexOf('#') < 0;
  }

  /** How much of a name it pins down; of two patterns that match, the greater is meant. */
  int specificity() {
    return isExact() ? EXACT : (int) body.chars().filter(c -> c != '*').count();
  }

  /** Whether {@code name}, in lower case, matches. */
  boolean matches(String name) {
    if (!versioned) {
      return matchesBody(name, name.length());
    }
    int end = name.length();
    while (end >= 0 && end >= name.length() - LONGEST_VERSION) {
      if (VERSION.matcher(name).region(end, name.length()).matches() && matchesBody(name, end)) {
        return true;
      }
      end = Math.max(name.lastIndexOf('-', end - 1), name.lastIndexOf('@', end - 1));
    }
    return false;
  }

  private boolean matchesBody(String name, int end) {
    int t = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < end) {
      if (t < body.length() && body.charAt(t) == '*') {
        star = t++;
        resume = n;
      } else if (t < body.length() && stands(body.charAt(t), name.charAt(n))) {
        t++;
        n++;
      } else if (star >= 0 && (crossing || !isMark(name.charAt(resume)))) {
        t = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (t < body.length() && body.charAt(t) == '*') {
      t++;
    }
    return t == body.length();
  }

  private static boolean isMark(char c) {
    return c == '/' || c == ':';
  }

  private static boolean stands(char pattern, char c) {
    return pattern == '#' ? c >= '0' && c <= '9' : pattern == c;
  }
}
