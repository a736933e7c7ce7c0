package io.llmaccounting.sql;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.StoredLimit;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes limits; those of the last revision are kept. Safe for use by many threads. */
final class StoredLimits {
  private static final String DELETE = "DELETE FROM quota_limit WHERE id = ?";
  private static final String INSERT =
      "INSERT INTO quota_limit (id, name, who, metric, maximum, window_rule, action,"
          + " alert_percents, open_amount, unpriced, unpriced_ceiling, grain, weights,"
          + " lease_micros, set_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private volatile @Nullable AllLimits last;

  /** Every limit, by name. */
  static List<StoredLimit> all(SqlSession session) throws SQLException {
    List<StoredLimit> limits = new ArrayList<>();
    try (ResultSet rows = session.prepare(LimitRow.SELECT).executeQuery()) {
      while (rows.next()) {
        limits.add(LimitRow.read(rows, session.dialect()));
      }
    }
    limits.sort(Comparator.comparing(stored -> stored.limit().name()));
    return limits;
  }

  /** Returns all limits with their revision; reads them again only where that has changed. */
  AllLimits known(SqlSession session) throws SQLException {
    long revision = StoreSettings.LIMIT_REVISION.read(session);
    AllLimits known = last;
    if (known != null && known.revision() == revision) {
      return known;
    }
    AllLimits read = new AllLimits(revision, all(session));
    last = read;
    return read;
  }

  /** A change is committed. */
  void changed(AllLimits now) {
    AllLimits known = last;
    if (known == null || known.revision() < now.revision()) {
      last = now;
    }
  }

  /** Removes limits by number, then writes others. */
  static void replace(SqlSession session, Collection<Long> removed, Collection<StoredLimit> written)
      throws SQLException {
    PreparedStatement delete = session.prepare(DELETE);
    for (long id : removed) {
      delete.setLong(1, id);
      delete.addBatch();
    }
    delete.executeBatch();
    PreparedStatement insert = session.prepare(INSERT);
    for (StoredLimit stored : written) {
      LimitRow.bind(stored, new Parameters(insert, session.dialect()));
      insert.addBatch();
    }
    insert.executeBatch();
  }
}
