package io.llmaccounting.sql;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.Cost;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the columns of a row from left to right. Confined to one thread. */
public final class Columns {
  private static final char REPLACEMENT = '\uFFFD';

  private final ResultSet row;
  private final SqlDialect dialect;
  private final boolean exact;
  private int last;

  /** Starts at the first column of the row that {@code row} stands on. */
  public Columns(ResultSet row, SqlDialect dialect) {
    this(row, dialect, false);
  }

  private Columns(ResultSet row, SqlDialect dialect, boolean exact) {
    this.row = row;
    this.dialect = dialect;
    this.exact = exact;
  }

  /**
   * Reads a row, and refuses texts that are not stored exactly as this library would write them.
   */
  public static Columns exact(ResultSet row, SqlDialect dialect) {
    return new Columns(row, dialect, true);
  }

  /** A text that is never null. */
  public String text() throws SQLException {
    return present(optionalText());
  }

  /** A text, or null. */
  public @Nullable String optionalText() throws SQLException {
    String text = row.getString(++last);
    if (exact && storesAnyText() && text != null && text.indexOf(REPLACEMENT) >= 0) {
      requireUnicode(text);
    }
    return text;
  }

  // SQLite keeps JSON just as it was given, and keeps as text any bytes that are declared to be
  // one.
  private boolean storesAnyText() {
    return dialect.family() == SqlDialect.Family.SQLITE;
  }

  // Bytes that are no text are read as replacement characters, which a text may have too.
  private void requireUnicode(String text) throws SQLException {
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), row.getBytes(last))) {
      throw Damage.of("column " + last + " must be a text, was bytes that are none");
    }
  }

  /** A number that is never null. */
  public long number() throws SQLException {
    return row.getLong(++last);
  }

  /** A number, or null. */
  public @Nullable Long optionalNumber() throws SQLException {
    long value = row.getLong(++last);
    return row.wasNull() ? null : value;
  }

  /** A number of 32 bits, or null. */
  public @Nullable Integer optionalInteger() throws SQLException {
    int value = row.getInt(++last);
    return row.wasNull() ? null : value;
  }

  /** An instant that is never null. */
  public Instant instant() throws SQLException {
    return Micros.instant(number());
  }

  /** A duration, or null. */
  public @Nullable Duration optionalDuration() throws SQLException {
    Long value = optionalNumber();
    return value == null ? null : Micros.duration(value);
  }

  /** A cost, or null. */
  public @Nullable Cost optionalCost() throws SQLException {
    Long value = optionalNumber();
    return value == null ? null : Cost.ofNanos(value);
  }

  /** A flag that is never null. */
  public boolean flag() throws SQLException {
    return row.getBoolean(++last);
  }

  /** A flag, or null. */
  public @Nullable Boolean optionalFlag() throws SQLException {
    boolean value = row.getBoolean(++last);
    return row.wasNull() ? null : value;
  }

  /** An id that is never null. */
  public UUID id() throws SQLException {
    return present(dialect.readId(row, ++last));
  }

  /** An id, or null. */
  public @Nullable UUID optionalId() throws SQLException {
    return dialect.readId(row, ++last);
  }

  /** Bytes that are never null. */
  public byte[] bytes() throws SQLException {
    return present(row.getBytes(++last));
  }

  /** The texts of a JSON column. */
  public Map<String, String> texts() throws SQLException {
    String json = optionalText();
    return exact ? FlatJson.exactTexts(json, storesAnyText()) : FlatJson.texts(json);
  }

  /** The counts of a JSON column. */
  public Map<String, Long> counts() throws SQLException {
    String json = optionalText();
    return exact ? FlatJson.exactCounts(json, storesAnyText()) : FlatJson.counts(json);
  }

  /** Project, user, caller, session and tags. */
  public Attribution attribution() throws SQLException {
    return new Attribution(optionalText(), optionalText(), optionalText(), optionalText(), texts());
  }

  private <T> T present(@Nullable T value) {
    if (value == null) {
      throw Damage.of("column " + last + " must have a value, was null");
    }
    return value;
  }
}
