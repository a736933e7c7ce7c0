package io.llmaccounting.sql.sinks;

import io.llmaccounting.backend.UnknownSinkException;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a sink has come with records of the past.
 *
 * @param after the id behind which records are still to be read, null where none are
 * @param to the last id to read
 */
record SinkRow(@Nullable UUID after, @Nullable UUID to) {
  /** Reads the row of a sink, which must be open; {@code lock} is empty or locks it. */
  static SinkRow read(SqlSession session, String sink, String lock) throws SQLException {
    SqlDialect dialect = session.dialect();
    PreparedStatement statement =
        session.prepare(
            "SELECT scan_after, scan_to FROM sink WHERE "
                + dialect.shards().home()
                + "name = ?"
                + lock);
    new Parameters(statement, dialect).text(sink);
    try (ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        throw new UnknownSinkException(sink);
      }
      Columns from = new Columns(row, dialect);
      return new SinkRow(from.optionalId(), from.optionalId());
    }
  }
}
