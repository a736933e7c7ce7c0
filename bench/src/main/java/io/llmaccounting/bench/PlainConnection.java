package io.llmaccounting.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A connection and its prepared statements, used as plainly as can be. Confined to one thread. */
final class PlainConnection implements AutoCloseable {
  private final Connection connection;
  private final Store store;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  PlainConnection(Connection connection, Store store) {
    this.connection = connection;
    this.store = store;
  }

  Connection jdbc() {
    return connection;
  }

  boolean takesArrays() {
    return store.takesArrays();
  }

  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      statements.put(sql, known);
    }
    return known;
  }

  /** From now on a power cut may take what was committed: for places that nobody would miss. */
  void loseOnPowerCut() throws SQLException {
    if (store.takesArrays()) {
      prepare("SET synchronous_commit = off").execute();
      connection.commit();
    } else {
      prepare("PRAGMA synchronous = OFF").execute();
    }
  }

  // On SQLite transactions are begun by hand, because the write lock is wanted at once.
  void begin() throws SQLException {
    if (!store.takesArrays()) {
      prepare("BEGIN IMMEDIATE").execute();
    }
  }

  void commit() throws SQLException {
    if (store.takesArrays()) {
      connection.commit();
    } else {
      prepare("COMMIT").execute();
    }
    store.committed();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
    connection.close();
  }
}
