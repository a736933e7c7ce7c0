package io.llmaccounting.sql;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the shaded libraries their loggers: what they would say at INFO, banners and the life of
 * pools, goes to DEBUG, so that nobody who embeds this has to silence it. Warnings and errors stay.
 * Their bytecode is made to ask here; safe for use by many threads.
 */
public final class QuietLoggerFactory {
  private QuietLoggerFactory() {}

  /** The logger named like {@code type}. */
  public static Logger getLogger(Class<?> type) {
    return getLogger(type.getName());
  }

  /** The logger of that name. */
  public static Logger getLogger(String name) {
    return new QuietLogger(LoggerFactory.getLogger(name));
  }
}
