package io.llmaccounting.sqlite;

import static io.llmaccounting.sql.UsageEventTable.USAGE_EVENT;

import io.llmaccounting.backend.DeadLetter;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.UsageRow;
import io.llmaccounting.usage.RecordedUsage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call as a row of spool_call: what the spool adds, then the columns of a record.
 *
 * @param position its place in the line, 0 where it has none yet
 * @param values Long, String, byte[] or null for each of {@link #COLUMNS}
 */
record SpoolRow(long position, List<@Nullable Object> values) {
  /** The columns of a record, in its order. */
  static final List<String> OF_RECORDS =
      Arrays.stream(USAGE_EVENT.fields()).map(Field::getName).toList();

  /** The columns that a checksum is made of: all but the position and the checksum. */
  static final List<String> COLUMNS =
      Stream.concat(
              Stream.of("settles_hold", "time_is_given", "reason", "buried_at"),
              OF_RECORDS.stream())
          .toList();

  /** Selects rows as {@link #read} and {@link #call} understand them. */
  static final String SELECT =
      "SELECT %s%s, position, checksum, %s FROM spool_call"
          .formatted(
              String.join(", ", OF_RECORDS),
              ", NULL".repeat(UsageRow.ADJUSTED),
              String.join(", ", COLUMNS.subList(0, COLUMNS.size() - OF_RECORDS.size())));

  private static final String INSERT =
      "INSERT INTO spool_call (position, checksum, %s) VALUES (?, ?%s)"
          .formatted(String.join(", ", COLUMNS), ", ?".repeat(COLUMNS.size()));

  private static final int REASON = 2;
  private static final int BURIED_AT = 3;
  private static final int OWN = 4;
  private static final int POSITION_COLUMN = OF_RECORDS.size() + UsageRow.ADJUSTED + 1;

  static SpoolRow of(SpooledCall call) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>(COLUMNS.size());
    values.add(call.settlesHold() ? 1L : 0L);
    values.add(call.timeIsGiven() ? 1L : 0L);
    values.add(null);
    values.add(null);
    // chargedAt is left out, because the ledger decides it
    values.addAll(
        UsageRow.values(
            new RecordedUsage(call.usage(), call.recordedAt(), call.recordedAt(), false, null)));
    return new SpoolRow(0, values);
  }

  /**
   * Reads the row that {@code row} stands on.
   *
   * @throws SpoolDamage if it is not what was written
   */
  static SpoolRow read(ResultSet row) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>(COLUMNS.size());
    for (int i = 0; i < OWN; i++) {
      values.add(value(row, POSITION_COLUMN + 2 + i));
    }
    for (int i = 1; i <= OF_RECORDS.size(); i++) {
      values.add(value(row, i));
    }
    SpoolRow read = new SpoolRow(row.getLong(POSITION_COLUMN), values);
    if (read.checksum() != row.getLong(POSITION_COLUMN + 1)) {
      throw new SpoolDamage("the call at position " + read.position + " is not what was written");
    }
    return read;
  }

  private static @Nullable Object value(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }

  /** The call of the row that {@code row} stands on and that was {@linkplain #read read}. */
  static SpooledCall call(ResultSet row, SqlDialect dialect) throws SQLException {
    RecordedUsage recorded = UsageRow.read(row, dialect);
    return new SpooledCall(
        recorded.usage(),
        row.getBoolean(POSITION_COLUMN + 2),
        row.getBoolean(POSITION_COLUMN + 3),
        recorded.settledAt());
  }

  /** The dead letter of such a row. */
  static DeadLetter deadLetter(ResultSet row, SqlDialect dialect) throws SQLException {
    return new DeadLetter(
        row.getLong(POSITION_COLUMN),
        call(row, dialect),
        row.getString(POSITION_COLUMN + 2 + REASON),
        Micros.instant(row.getLong(POSITION_COLUMN + 2 + BURIED_AT)));
  }

  boolean isBuried() {
    return values.get(REASON) != null;
  }

  /** Returns the row as a dead letter, or as a call that waits where both are null. */
  SpoolRow buried(@Nullable String reason, @Nullable Long at) {
    List<@Nullable Object> changed = new ArrayList<>(values);
    changed.set(REASON, reason);
    changed.set(BURIED_AT, at);
    return new SpoolRow(position, changed);
  }

  SpoolRow at(long other) {
    return new SpoolRow(other, values);
  }

  long checksum() {
    return Checksum.of(COLUMNS, values);
  }

  /** True if both are the same version of the same call. */
  boolean isSameAs(SpoolRow other) {
    return checksum() == other.checksum();
  }

  /** Inserts this row at its position, or at the end where that is 0. */
  void insert(SqlSession session) throws SQLException {
    PreparedStatement statement = session.prepare(INSERT);
    statement.setObject(1, position == 0 ? null : position);
    statement.setLong(2, checksum());
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(3 + i, values.get(i));
    }
    statement.executeUpdate();
  }
}
