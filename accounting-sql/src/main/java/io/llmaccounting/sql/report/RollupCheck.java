package io.llmaccounting.sql.report;

import io.llmaccounting.backend.Difference;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.NameRows;
import io.llmaccounting.sql.NamesOfDay;
import io.llmaccounting.sql.RollupKey;
import io.llmaccounting.sql.Rollups;
import io.llmaccounting.sql.SqlQuery;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import io.llmaccounting.usage.UsageTotals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares rollups with records and makes them anew, day by day. A bucket that begins before the
 * purge horizon is left alone: it cannot be told from the records that are left. Confined to the
 * transaction it is made for.
 */
public final class RollupCheck {
  private final SqlSession session;
  private final long completeFrom;
  private final NameRows names;
  private final List<Difference> differences = new ArrayList<>();

  /** Works inside the transaction of {@code session}. */
  public RollupCheck(SqlSession session) throws SQLException {
    this.session = session;
    this.names = new NameRows(session.dialect());
    this.completeFrom = StoreSettings.PURGE_HORIZON.read(session);
  }

  /** Every difference, by day. */
  public List<Difference> differences() throws SQLException {
    try (StoredRollups stored = new StoredRollups(session, completeFrom);
        ExpectedRollups expected = new ExpectedRollups(session, completeFrom)) {
      long day = Math.min(stored.day(), expected.day());
      while (day != StoredRollups.END) {
        compare(
            stored.day() == day ? stored.take() : Map.of(),
            expected.day() == day ? expected.take(names.ofDay(session, day)::fold) : Map.of());
        day = Math.min(stored.day(), expected.day());
      }
    }
    return List.copyOf(differences);
  }

  /** Replaces the rollups by what the records say. */
  public void rebuild() throws SQLException {
    new SqlQuery()
        .add("DELETE FROM usage_rollup WHERE bucket >= ")
        .number(completeFrom)
        .update(session);
    names.clear(session, completeFrom);
    StoreSettings.NAMES_REVISION.next(session);
    long most = StoreSettings.NAMES_PER_DAY.read(session);
    try (ExpectedRollups expected = new ExpectedRollups(session, completeFrom)) {
      while (expected.day() != StoredRollups.END) {
        rebuildDay(expected, most);
      }
    }
  }

  // a day that the horizon cuts keeps some rows, with the names that it had
  private void rebuildDay(ExpectedRollups expected, long most) throws SQLException {
    long day = expected.day();
    if (day < completeFrom) {
      Rollups.write(session, expected.take(names.ofDay(session, day)::fold));
      return;
    }
    NamesOfDay anew = new NamesOfDay(most);
    Rollups.write(session, expected.take(anew::fold));
    anew.write(session, day);
  }

  private void compare(Map<RollupKey, List<Long>> stored, Map<RollupKey, UsageTotals> expected) {
    SortedSet<RollupKey> keys = new TreeSet<>(stored.keySet());
    keys.addAll(expected.keySet());
    for (RollupKey key : keys) {
      List<Long> found = stored.get(key);
      UsageTotals totals = expected.get(key);
      List<Long> wanted =
          totals == null ? null : LongStream.of(Rollups.sums(totals)).boxed().toList();
      if (found == null || !found.equals(wanted)) {
        differences.add(
            new Difference(name(key), describe(found, wanted), describe(wanted, found)));
      }
    }
  }

  private static String name(RollupKey key) {
    StringBuilder name = new StringBuilder(key.family() == RollupKey.FINE ? "fine" : "coarse");
    name.append(key.grain() == RollupKey.DAY ? " day" : " quarter-hour").append(" rollup of ");
    name.append(Micros.instant(key.bucket()));
    append(name, "project", key.project());
    append(name, "model", key.model());
    append(name, "user", key.user());
    append(name, "caller", key.caller());
    append(name, "provider", key.provider());
    return name.toString();
  }

  private static void append(StringBuilder name, String dimension, String value) {
    if (!value.isEmpty()) {
      name.append(", ").append(dimension).append(' ').append(value);
    }
  }

  /** Names the sums that differ. */
  private static String describe(@Nullable List<Long> sums, @Nullable List<Long> others) {
    if (sums == null) {
      return "no row";
    }
    Map<String, Long> told = new TreeMap<>();
    for (int i = 0; i < sums.size(); i++) {
      Long sum = sums.get(i);
      if (others == null ? sum != 0 : !sum.equals(others.get(i))) {
        told.put(Rollups.SUMS.get(i), sum);
      }
    }
    return told.toString();
  }
}
