package io.llmaccounting.sqlite;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * How a SQLite file is used. Start with {@link #defaults()}.
 *
 * @param clock the ledger's clock, the system's by default
 * @param durability what a power cut may destroy, nothing by default
 * @param busyTimeout how long to wait for the write lock, which other threads and processes take
 *     too; 1 millisecond to 1 hour, 10 seconds by default
 * @param readers how many reads run side by side, 1 to 64, 4 by default
 * @param maxPages the most pages of 4 KiB that the file may grow to, unlimited by default
 * @param schemaMode what to do with a file whose schema is older or missing, migrate by default
 * @param createsFolders whether folders that are missing are created with the file; not by default,
 *     so that a mistyped path is an error
 */
public record SqliteSettings(
    InstantSource clock,
    Durability durability,
    Duration busyTimeout,
    int readers,
    int maxPages,
    SchemaMode schemaMode,
    boolean createsFolders) {

  private static final SqliteSettings DEFAULTS =
      new SqliteSettings(
          InstantSource.system(),
          Durability.FULL,
          Duration.ofSeconds(10),
          4,
          Integer.MAX_VALUE,
          SchemaMode.MIGRATE,
          false);

  /** What a power cut may destroy; a crash of the process destroys nothing either way. */
  public enum Durability {
    /** Nothing that was acknowledged is lost: every commit waits for the disk. */
    FULL,
    /** The last commits may be lost; the file stays consistent. */
    NORMAL
  }

  /** What to do with a file whose schema is older or missing. */
  public enum SchemaMode {
    /** Create or migrate the file; an older file is copied beside itself first. */
    MIGRATE,
    /** Refuse to open the file. */
    VALIDATE
  }

  /** Checks the ranges. */
  public SqliteSettings {
    Objects.requireNonNull(clock, "clock is required, was null");
    Objects.requireNonNull(durability, "durability is required, was null");
    Objects.requireNonNull(schemaMode, "schemaMode is required, was null");
    if (busyTimeout.compareTo(Duration.ofMillis(1)) < 0
        || busyTimeout.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "busyTimeout must be from PT0.001S to PT1H, was " + busyTimeout);
    }
    if (readers < 1 || readers > 64) {
      throw new IllegalArgumentException("readers must be from 1 to 64, was " + readers);
    }
    if (maxPages < 1) {
      throw new IllegalArgumentException("maxPages must be 1 or more, was " + maxPages);
    }
  }

  /** The defaults: full durability, with the system's clock. */
  public static SqliteSettings defaults() {
    return DEFAULTS;
  }

  /** Returns a copy with this clock. */
  public SqliteSettings clock(InstantSource clock) {
    return new SqliteSettings(
        clock, durability, busyTimeout, readers, maxPages, schemaMode, createsFolders);
  }

  /** Returns a copy with this durability. */
  public SqliteSettings durability(Durability durability) {
    return new SqliteSettings(
        clock, durability, busyTimeout, readers, maxPages, schemaMode, createsFolders);
  }

  /** Returns a copy that waits at most so long for the write lock. */
  public SqliteSettings busyTimeout(Duration timeout) {
    return new SqliteSettings(
        clock, durability, timeout, readers, maxPages, schemaMode, createsFolders);
  }

  /** Returns a copy with so many reads side by side. */
  public SqliteSettings readers(int readers) {
    return new SqliteSettings(
        clock, durability, busyTimeout, readers, maxPages, schemaMode, createsFolders);
  }

  /** Returns a copy with a file of at most so many pages of 4 KiB. */
  public SqliteSettings maxPages(int pages) {
    return new SqliteSettings(
        clock, durability, busyTimeout, readers, pages, schemaMode, createsFolders);
  }

  /** Returns a copy that treats older files this way. */
  public SqliteSettings schemaMode(SchemaMode mode) {
    return new SqliteSettings(
        clock, durability, busyTimeout, readers, maxPages, mode, createsFolders);
  }

  /** Returns a copy that creates missing folders with the file. */
  public SqliteSettings createFolders() {
    return new SqliteSettings(clock, durability, busyTimeout, readers, maxPages, schemaMode, true);
  }
}
