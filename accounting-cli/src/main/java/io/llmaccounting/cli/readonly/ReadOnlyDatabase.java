package io.llmaccounting.cli.readonly;

import java.sql.SQLException;

/** A database that can be asked and not changed. Every question has a connection of its own. */
public interface ReadOnlyDatabase {
  /**
   * Asks.
   *
   * @param sql one statement that gives back rows
   * @return false if there are more rows than the caps allow; those were left out
   * @throws SQLException if the database refuses it, or it takes too long
   */
  boolean ask(String sql, SelectCaps caps, RowReader reader) throws SQLException;
}
