package io.llmaccounting.providers;

import java.util.Set;

/**
 * Is told what a {@link HistoryReader} finds, in its order and by its thread. Whatever it throws
 * ends the reading.
 */
public interface HistoryListener {
  /**
   * Is asked before a text is read as an answer of a provider, and may take it for something else.
   *
   * @param line the line on which the text begins, from 1
   * @param names the names of its fields; empty where it is no JSON object
   * @param text the text in UTF-8
   * @return whether it was taken
   */
  default boolean takes(long line, Set<String> names, byte[] text) {
    return false;
  }

  /** An answer was found. */
  void answer(PastAnswer answer);

  /**
   * A text says nothing that could be counted.
   *
   * @param reason why not, one of a few fixed texts
   */
  void skipped(long line, String reason);

  /** A text repeats an answer that was found before, and was left out. */
  void repeated(long line);

  /**
   * A text is no JSON, no answer, or exceeds a bound of {@link UsageReader}.
   *
   * @param problem what is wrong with it
   */
  void unreadable(long line, String problem);
}
