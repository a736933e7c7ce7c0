package io.llmaccounting.providers.prices;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the small part of regular expressions that facts files use into names with wildcards. */
final class FactPattern {
  private static final Pattern NOT_SPEECH =
      Pattern.compile(
          "\\(\\?=(.*)\\$\\)\\(\\?=\\(\\?!\\.\\*-\\[tT]\\[tT]\\[sS]\\(\\?:\\$\\|-\\)\\)\\.\\*\\$\\)\\.\\*");
  private static final Pattern DIGITS = Pattern.compile("\\\\d(?:\\{(\\d+)})?");

  private FactPattern() {}

  /**
   * The names that {@code regex} stands for.
   *
   * @throws IllegalArgumentException if it says more than names with wildcards can
   */
  static List<String> names(String regex) {
    String inner = isGroup(regex) ? regex.substring(3, regex.length() - 1) : regex;
    List<String> names = new ArrayList<>();
    boolean exceptSpeech = false;
    for (String alternative : alternatives(inner)) {
      Matcher notSpeech = NOT_SPEECH.matcher(alternative);
      if (notSpeech.matches()) {
        exceptSpeech = true;
        names.add(name(notSpeech.group(1)));
      } else {
        names.add(name(alternative));
      }
    }
    if (exceptSpeech) {
      names.add("!*-tts");
      names.add("!*-tts-*");
    }
    return names;
  }

  /**
   * The same name, reaching no further than versions of the model: an open end becomes {@code ~}.
   * An open start stays on Bedrock only, whose names begin with a region and a maker.
   */
  static String narrowed(String name, boolean bedrock) {
    String narrow = name.replaceFirst("-?#?\\*$", "~").replaceFirst("[@.]\\*$|-0~$|@~$", "~");
    boolean fineTuned = name.startsWith("ft:") || name.startsWith("!");
    String end = fineTuned ? name : narrow;
    return bedrock || fineTuned ? end : end.replaceFirst("^\\*", "");
  }

  private static boolean isGroup(String regex) {
    return regex.startsWith("(?:") && regex.endsWith(")");
  }

  private static List<String> alternatives(String regex) {
    List<String> alternatives = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == '|' && depth == 0) {
        alternatives.add(regex.substring(start, i));
        start = i + 1;
      }
    }
    alternatives.add(regex.substring(start));
    return alternatives;
  }

  private static String name(String regex) {
    StringBuilder name = new StringBuilder();
    Matcher digits = DIGITS.matcher(regex);
    int i = 0;
    while (i < regex.length()) {
      if (regex.startsWith(".*", i)) {
        name.append('*');
        i += 2;
      } else if (digits.find(i) && digits.start() == i) {
        name.append("#".repeat(digits.group(1) == null ? 1 : Integer.parseInt(digits.group(1))));
        i = digits.end();
      } else if (regex.charAt(i) == '\\'
          && i + 1 < regex.length()
          && !Character.isLetterOrDigit(regex.charAt(i + 1))) {
        name.append(regex.charAt(i + 1));
        i += 2;
      } else if (regex.charAt(i) == '$' && i == regex.length() - 1) {
        i++;
      } else if (".\\[](){}^$?+|*#!".indexOf(regex.charAt(i)) >= 0) {
        throw new IllegalArgumentException(
            "pattern must be names with wildcards, was " + regex + " (at index " + i + ")");
      } else {
        name.append(regex.charAt(i));
        i++;
      }
    }
    return name.toString();
  }
}
