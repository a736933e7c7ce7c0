package io.llmaccounting.spring;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.sqlite.SpoolSettings;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.sqlite.SqliteSettings;
import io.llmaccounting.sqlite.SqliteSpool;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Keeps usage in a file, and a spool in a folder; loaded only where accounting-sqlite is there. */
final class SqliteOpening {
  private static final String PREFIX = LlmAccountingProperties.PREFIX + "sqlite.";
  private static final String SPOOL = LlmAccountingProperties.PREFIX + "spool.";

  private SqliteSettings settings = SqliteSettings.defaults();

  private SqliteOpening() {}

  static BackendOpener of(String path, LlmAccountingProperties.Sqlite properties) {
    Path file = path(PREFIX + "path", path);
    SqliteSettings settings = new SqliteOpening().settings(properties);
    return () -> SqliteBackend.open(file, settings);
  }

  /** A spool in {@code folder}. */
  static Spool spool(String folder, LlmAccountingProperties.SpoolFolder properties) {
    Path path = path(SPOOL + "folder", folder);
    SpoolSettings[] settings = {SpoolSettings.defaults()};
    SettingException.with(
        SPOOL + "max-size",
        properties.maxSize(),
        size -> settings[0] = settings[0].maxBytes(size.toBytes()));
    return SqliteSpool.at(path, settings[0]);
  }

  private static Path path(String property, String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new SettingException(property, value, "is no path: " + e.getReason(), e);
    }
  }

  private SqliteSettings settings(LlmAccountingProperties.Sqlite properties) {
    if (properties.schemaMode() == LlmAccountingProperties.SchemaMode.NONE) {
      throw new SettingException(
          PREFIX + "schema-mode", "none", "must be migrate or validate for a SQLite file");
    }
    SettingException.with(
        PREFIX + "busy-timeout",
        properties.busyTimeout(),
        timeout -> settings = settings.busyTimeout(timeout));
    SettingException.with(
        PREFIX + "readers", properties.readers(), readers -> settings = settings.readers(readers));
    settings =
        settings
            .durability(SqliteSettings.Durability.valueOf(properties.durability().name()))
            .schemaMode(SqliteSettings.SchemaMode.valueOf(properties.schemaMode().name()));
    return properties.createFolders() ? settings.createFolders() : settings;
  }
}
