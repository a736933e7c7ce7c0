package io.llmaccounting.server.log;

import java.util.logging.LogManager;

/**
 * Logs to the last line: Java's own manager stops when the process is told to end, while the server
 * still lets requests come to their end.
 */
public final class LastingLogs extends LogManager {
  /** Made by Java, by its name in a property. */
  public LastingLogs() {}

  /** Does nothing. */
  @Override
  public void reset() {}
}
