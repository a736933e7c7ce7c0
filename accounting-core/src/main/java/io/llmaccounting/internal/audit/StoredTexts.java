package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.usage.Saturated;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts fit to be stored: redacted first, then without what no database stores, then cut.
 * Every change but a redaction leaves a mark. Safe for use by many threads if the redactor is.
 */
public final class StoredTexts {
  private static final int LONGEST_NAME = 255;

  /** Replaces a text on which the redactor failed. */
  static final String WITHHELD = "[withheld: the redactor failed]";

  private static final char REPLACEMENT = '\uFFFD';

  private final UnaryOperator<String> redactor;
  private final int limit;
  private final Failing failures;

  /** Hears how the redactor fares. */
  public interface Failing {
    /** The redactor failed. */
    void failed(RuntimeException failure);

    /** The redactor worked. */
    void worked();
  }

  /** Redacts by {@code redactor} and cuts prompts and responses to {@code limit} bytes. */
  public StoredTexts(UnaryOperator<String> redactor, int limit, Failing failures) {
    this.redactor = redactor;
    this.limit = limit;
    this.failures = failures;
  }

  /** The entry as it may be written. */
  AuditEntry entry(Draft draft) {
    TreeMap<String, Long> marks = new TreeMap<>();
    return new AuditEntry(
        draft.id(),
        draft.at(),
        draft.type(),
        draft.actor(),
        name("outcome", draft.outcome(), marks),
        draft.model(),
        draft.attribution(),
        draft.usageId(),
        draft.responseId(),
        text("prompt", draft.prompt(), limit, marks),
        text("response", draft.response(), limit, marks),
        attributes(draft.attributes(), marks),
        marks);
  }

  private Map<String, String> attributes(Map<String, String> given, Map<String, Long> marks) {
    TreeMap<String, String> fit = new TreeMap<>();
    given.forEach(
        (key, value) -> {
          String stored = name("attributes", value, marks);
          if (stored != null) {
            fit.put(key, stored);
          }
        });
    return fit;
  }

  // Names neither begin nor end with blanks, and a text of blanks only is no name.
  private @Nullable String name(String field, @Nullable String value, Map<String, Long> marks) {
    String text = text(field, value, LONGEST_NAME, marks);
    return text == null || text.isBlank() ? null : text.strip();
  }

  private @Nullable String text(
      String field, @Nullable String text, int most, Map<String, Long> marks) {
    if (text == null) {
      return null;
    }
    return cut(field, repaired(field, redacted(field, text, marks), marks), most, marks);
  }

  private String redacted(String field, String text, Map<String, Long> marks) {
    String kind;
    try {
      String redacted = redactor.apply(text);
      if (redacted != null) {
        failures.worked();
        return redacted;
      }
      kind = "null instead of a text";
    } catch (RuntimeException | StackOverflowError e) {
      // Neither message nor cause is handed on: they may quote the text.
      kind = e.getClass().getName();
    }
    marks.merge(field + ".withheld", 1L, Saturated::sum);
    failures.failed(
        new IllegalStateException(
            "the redactor failed on %s with %s; the text was withheld, not written"
                .formatted(field, kind)));
    return WITHHELD;
  }

  private static String repaired(String field, String text, Map<String, Long> marks) {
    StringBuilder repaired = null;
    long count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        repaired = repaired == null ? new StringBuilder(text) : repaired;
        repaired.setCharAt(i, REPLACEMENT);
        count++;
      }
    }
    if (repaired == null) {
      return text;
    }
    marks.merge(field + ".repaired", count, Saturated::sum);
    return repaired.toString();
  }

  private static String cut(String field, String text, int most, Map<String, Long> marks) {
    if (text.length() <= most / 3) {
      return text;
    }
    long bytes = 0;
    int end = text.length();
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > most && end == text.length()) {
        end = i;
      }
      i += Character.charCount(point);
    }
    if (bytes <= most) {
      return text;
    }
    marks.merge(field + ".cut", bytes, Saturated::sum);
    return text.substring(0, end);
  }
}
