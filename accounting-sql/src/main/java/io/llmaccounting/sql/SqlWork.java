package io.llmaccounting.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What happens inside one transaction; run again from the start where that has to be repeated. */
@FunctionalInterface
public interface SqlWork<T extends @Nullable Object> {
  /** Runs in a transaction. The session is valid only until this returns. */
  T run(SqlSession session) throws SQLException;
}
