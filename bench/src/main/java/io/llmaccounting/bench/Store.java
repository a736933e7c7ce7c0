package io.llmaccounting.bench;

import io.llmaccounting.backend.UsageBackend;
import java.io.IOException;
import java.sql.SQLException;

/** A kind of database, in which every side of every comparison gets a place of its own. */
interface Store {
  /** A database, or a schema of one, that one side works in. */
  interface Place extends AutoCloseable {
    /** How another process opens it, see {@link BenchProcess}. */
    BenchProcess.Address address();

    /** Opens the library's backend on it, its schema made. */
    UsageBackend open();

    /** A bare connection to it, as durable as the backend's. */
    PlainConnection connect() throws SQLException;

    /** Bytes on disk of a table and its indices; nothing may be under way. */
    long bytes(String table) throws SQLException;

    /** Sums of the bytes of the values of all records: 8 a number, 1 a flag, 16 an id, UTF-8. */
    long bytesOfValues() throws SQLException;

    /** Writes out what is not written yet, so that sizes and reads mean the same each time. */
    void settle() throws SQLException;

    @Override
    void close() throws IOException, SQLException;
  }

  /** What people call it. */
  String name();

  /** Where nothing is yet. */
  Place fresh() throws Exception;

  /** Counts what any place of it is asked, bare or not. */
  Probe probe();

  /** True where statements take arrays and columns are typed; false where rows are listed. */
  boolean takesArrays();

  /** The commits that bare connections and counted backends made, where the server does not say. */
  default void committed() {}
}
