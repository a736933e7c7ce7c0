package io.llmaccounting.sql.report;

import io.llmaccounting.backend.Difference;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.RowCursor;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares rollups with records and makes them anew, from the purge horizon on: what lies before it
 * cannot be told from records. Confined to the transaction it is made for.
 */
public final class RollupCheck {
  private final SqlSession session;
  private final List<Difference> differences = new ArrayList<>();

  /** Works inside the transaction of {@code session}. */
  public RollupCheck(SqlSession session) {
    this.session = session;
  }

  /** Every difference, by family, grain and bucket. */
  public List<Difference> differences() throws SQLException {
    for (RollupRows rows : rows()) {
      compare(rows);
    }
    return List.copyOf(differences);
  }

  /** Replaces the rollups by what the records say. */
  public void rebuild() throws SQLException {
    for (RollupRows rows : rows()) {
      rows.rebuild(session.dsl(), session.dialect());
    }
  }

  private List<RollupRows> rows() throws SQLException {
    return RollupRows.all(StoreSettings.PURGE_HORIZON.read(session));
  }

  private void compare(RollupRows rows) throws SQLException {
    try (RowCursor storedRows = RowCursor.open(session, rows.selectStored(session.dsl()));
        RowCursor expectedRows =
            RowCursor.open(session, rows.selectExpected(session.dsl(), session.dialect()))) {
      BucketRows stored = new BucketRows(storedRows);
      BucketRows expected = new BucketRows(expectedRows);
      while (stored.bucket() != BucketRows.END || expected.bucket() != BucketRows.END) {
        long bucket = Math.min(stored.bucket(), expected.bucket());
        compare(
            "%s %s rollup of %s"
                .formatted(
                    rows.family().name().toLowerCase(Locale.ROOT),
                    rows.grain().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    Micros.instant(bucket)),
            stored.bucket() == bucket ? stored.take() : Map.of(),
            expected.bucket() == bucket ? expected.take() : Map.of());
      }
    }
  }

  private void compare(
      String bucket,
      Map<BucketRows.RowName, List<Long>> stored,
      Map<BucketRows.RowName, List<Long>> expected) {
    var names = new TreeSet<>(stored.keySet());
    names.addAll(expected.keySet());
    for (BucketRows.RowName name : names) {
      List<Long> found = stored.get(name);
      List<Long> wanted = expected.get(name);
      if (!(found != null && found.equals(wanted))) {
        differences.add(
            new Difference(bucket + name, describe(found, wanted), describe(wanted, found)));
      }
    }
  }

  private static String describe(@Nullable List<Long> sums, @Nullable List<Long> others) {
    if (sums == null) {
      return "no row";
    }
    Map<String, Long> told = new TreeMap<>();
    for (int i = 0; i < sums.size(); i++) {
      boolean differs = others == null ? sums.get(i) != 0 : !sums.get(i).equals(others.get(i));
      if (differs) {
        told.put(Sums.ROLLUP_COLUMNS.get(i).getName(), sums.get(i));
      }
    }
    return told.toString();
  }
}
