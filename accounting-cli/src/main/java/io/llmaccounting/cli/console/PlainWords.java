package io.llmaccounting.cli.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages of the library in words of people who have never seen its code: no names of classes,
 * fields or constants, no durations as programs write them. What stands in quotes was given by
 * somebody and stays.
 */
public final class PlainWords {
  /** What the library says in advice where the schema is older than it. */
  public static final String TO_MIGRATE = "SchemaMode.MIGRATE";

  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern CLASS =
      Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.){2,}[A-Z][A-Za-z0-9]*(?:\\$[A-Za-z0-9]+)*:? ?");
  private static final Pattern FAULT =
      Pattern.compile("\\b[A-Z][A-Za-z0-9]*(?:Exception|Error)\\b:? ?");

  /**
   * Matches advice on what a program could call instead, which means nothing on the command line.
   */
  private static final Pattern WAY = Pattern.compile(", or [^,;:]*\\b\\w+\\([^)]*\\)");

  private static final Pattern ADVICE =
      Pattern.compile(
          "[;:] [^;:]*\\b(?:[A-Za-z]+\\([^)]*\\)|" + Pattern.quote(TO_MIGRATE) + ")[^;:]*");
  private static final Pattern FIELD =
      Pattern.compile("(?<![\\w./\\\\=\\[-])[a-z]+(?:[A-Z][a-z0-9]*)+(?![\\w/\\\\-]|\\.\\w)");
  private static final Pattern CONSTANT =
      Pattern.compile(
          "(?<![\\w./\\\\=\\[-])(?<!is"
              + " )(?!LLM_|NO_)(?:[A-Z]{3,}(?:_[A-Z0-9]+)+(?![\\w/\\\\-])|(?:REQUESTS|COST|CONCURRENT)(?="
              + " limit))");
  private static final Pattern DURATION =
      Pattern.compile("(?<![\\w./\\\\-])-?P(?:\\d+D)?(?:T(?:-?\\d+(?:\\.\\d+)?[HMS])+)?(?![\\w/])");
  private static final Pattern UNIT =
      Pattern.compile(
          "(?<=\\bcalendar \\d{1,7} )[A-Z]+(?=\\b)|(?<=\\d )(?:DAY|WEEK|MONTH|YEAR)\\b");

  private static final Pattern COUNT =
      Pattern.compile("(?<=\\b(?:of it|of|no room for|used|held) )\\d{4,18}\\b(?![-.:/])");

  private PlainWords() {}

  /**
   * Returns the message in plain words; a word that looks like a field's name stays, because
   * somebody may have given it.
   */
  public static String in(String message) {
    return in(message, UnaryOperator.identity());
  }

  /**
   * Returns the message in plain words, with the names of fields replaced by what {@code names}
   * makes of them.
   */
  public static String in(String message, UnaryOperator<String> names) {
    StringBuilder text = new StringBuilder();
    int end = 0;
    for (MatchResult quoted : (Iterable<MatchResult>) QUOTED.matcher(message).results()::iterator) {
      text.append(plain(message.substring(end, quoted.start()), names)).append(quoted.group());
      end = quoted.end();
    }
    return text.append(plain(message.substring(end), names)).toString();
  }

  private static String plain(String text, UnaryOperator<String> names) {
    String said = ADVICE.matcher(WAY.matcher(text).replaceAll("")).replaceAll("");
    said = CLASS.matcher(said).replaceAll("");
    said = FAULT.matcher(said).replaceAll("");
    said = FIELD.matcher(said).replaceAll(found -> quoted(names.apply(found.group())));
    said = UNIT.matcher(said).replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
    said =
        CONSTANT
            .matcher(said)
            .replaceAll(found -> found.group().toLowerCase(Locale.ROOT).replace('_', ' '));
    said = COUNT.matcher(said).replaceAll(found -> Legible.number(Long.parseLong(found.group())));
    return DURATION.matcher(said).replaceAll(found -> quoted(duration(found.group())));
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  private static String duration(String iso) {
    try {
      return Legible.duration(Duration.parse(iso));
    } catch (DateTimeException e) {
      return iso;
    }
  }

  /** {@code inputTokens} as {@code input tokens}. */
  public static String words(String field) {
    return field.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
