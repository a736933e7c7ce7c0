package io.llmaccounting.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Opens connections to one file, each for its purpose. Safe for use by many threads. */
record SqliteFile(Path path, SqliteSettings settings) {
  private static final int WRITER_CACHE_KIB = 16 * 1024;

  SqliteFile {
    path = path.toAbsolutePath().normalize();
    if (path.toString().indexOf('?') >= 0) {
      throw new IllegalArgumentException(
          "file must not have a question mark in its path, which starts options in URLs of SQLite,"
              + " was "
              + path);
    }
  }

  /** The write-ahead log, where SQLite keeps what was committed last. */
  Path log() {
    return path.resolveSibling(path.getFileName() + "-wal");
  }

  /**
   * Opens a connection for the one writer, which waits for locks by itself, because SQLite's own
   * waiting may starve it.
   */
  Connection openWriter() throws SQLException {
    SQLiteConfig config = config(Duration.ZERO);
    config.setCacheSize(-WRITER_CACHE_KIB);
    return source(config).getConnection();
  }

  /**
   * Makes connections for readers: what they sort beyond their cache goes to temporary files, not
   * to memory.
   */
  SQLiteDataSource readers() {
    SQLiteConfig config = config(settings.busyTimeout());
    config.setTempStore(SQLiteConfig.TempStore.FILE);
    return source(config);
  }

  /**
   * Makes connections for looking at the schema and changing it: their transactions take the write
   * lock at once.
   */
  SQLiteDataSource migration() {
    SQLiteConfig config = config(settings.busyTimeout());
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    return source(config);
  }

  private SQLiteConfig config(Duration busyTimeout) {
    SQLiteConfig config = new SQLiteConfig();
    // Generated keys are switched off: nobody asks for them, and every insert would be followed by
    // a query.
    config.setGetGeneratedKeys(false);
    config.setBusyTimeout(Math.toIntExact(busyTimeout.toMillis()));
    config.setSynchronous(
        settings.durability() == SqliteSettings.Durability.FULL
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    if (settings.maxPages() < Integer.MAX_VALUE) {
      config.setMaxPageCount(settings.maxPages());
    }
    return config;
  }

  private SQLiteDataSource source(SQLiteConfig config) {
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + path);
    return source;
  }
}
