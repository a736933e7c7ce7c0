package io.llmaccounting.spring;

/** Where usage is kept. */
enum BackendKind {
  /** By what is there: a PostgreSQL DataSource, else a SQLite path, else memory in tests. */
  AUTO,
  /** A schema of the database that a DataSource of the application leads to. */
  POSTGRESQL,
  /** A file. */
  SQLITE,
  /** The process's memory, for tests. */
  MEMORY
}
