package io.llmaccounting.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.BackendException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqliteDialectTest {
  private final SqliteDialect dialect = new SqliteDialect(Path.of("usage.db"));

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # others are in the way
          SQLITE_BUSY, UNAVAILABLE, raise busyTimeout
          SQLITE_BUSY_RECOVERY, UNAVAILABLE, raise busyTimeout
          SQLITE_BUSY_SNAPSHOT, UNAVAILABLE, raise busyTimeout
          SQLITE_LOCKED, UNAVAILABLE, raise busyTimeout
          SQLITE_LOCKED_SHAREDCACHE, UNAVAILABLE, raise busyTimeout
          SQLITE_PROTOCOL, UNAVAILABLE, try again
          SQLITE_INTERRUPT, UNAVAILABLE, try again
          # the machine is short of something
          SQLITE_FULL, UNAVAILABLE, free disk space
          SQLITE_IOERR, UNAVAILABLE, check its disk
          SQLITE_IOERR_READ, UNAVAILABLE, check its disk
          SQLITE_IOERR_WRITE, UNAVAILABLE, check its disk
          SQLITE_IOERR_FSYNC, UNAVAILABLE, check its disk
          SQLITE_NOMEM, UNAVAILABLE, try again
          SQLITE_CANTOPEN, UNAVAILABLE, check its disk
          SQLITE_CANTOPEN_ISDIR, UNAVAILABLE, check its disk
          # somebody has to repair it
          SQLITE_CORRUPT, UNUSABLE, restore a backup
          SQLITE_CORRUPT_INDEX, UNUSABLE, restore a backup
          SQLITE_NOTADB, UNUSABLE, restore a backup
          SQLITE_FORMAT, UNUSABLE, restore a backup
          SQLITE_READONLY, UNUSABLE, check the rights
          SQLITE_READONLY_DBMOVED, UNUSABLE, check the rights
          SQLITE_READONLY_DIRECTORY, UNUSABLE, check the rights
          SQLITE_PERM, UNUSABLE, check the rights
          SQLITE_AUTH, UNUSABLE, check the rights
          SQLITE_ERROR, UNUSABLE, does not have the schema
          SQLITE_SCHEMA, UNUSABLE, does not have the schema
          # this very record
          SQLITE_CONSTRAINT, REJECTED, does not fit its schema
          SQLITE_CONSTRAINT_CHECK, REJECTED, does not fit its schema
          SQLITE_CONSTRAINT_NOTNULL, REJECTED, does not fit its schema
          SQLITE_CONSTRAINT_UNIQUE, REJECTED, does not fit its schema
          SQLITE_CONSTRAINT_TRIGGER, REJECTED, does not fit its schema
          SQLITE_MISMATCH, REJECTED, does not fit its schema
          SQLITE_RANGE, REJECTED, does not fit its schema
          SQLITE_TOOBIG, REJECTED, does not fit its schema
          """)
  void eachCodeIsOfTheKindThatHelps(
      SQLiteErrorCode code, BackendException.Kind kind, String wayOut) {
    BackendException translated = dialect.translate(new SQLiteException("so it is", code));

    assertThat(translated.kind()).isEqualTo(kind);
    assertThat(translated)
        .hasMessageStartingWith("usage.db ")
        .hasMessageContaining(wayOut)
        .hasMessageContaining("so it is");
  }

  @Test
  void aFailureWithoutACodeIsPassing() {
    BackendException translated = dialect.translate(new SQLException("connection closed"));

    assertThat(translated.kind()).isEqualTo(BackendException.Kind.UNAVAILABLE);
  }
}
