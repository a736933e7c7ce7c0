package io.llmaccounting.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which records ledgers make and correct while limits are counted anew. The process that counts
 * turns it on while no ledger runs, so that from then on nothing is missed. If that process dies,
 * the first ledger that finds the journal too old turns it off. So the journal is complete as long
 * as it is on. Safe for use by many threads.
 */
final class ChangeJournal {
  /** The sequence of a record that was not there before. */
  static final long NEW = -1;

  private static final Duration KEPT = Duration.ofHours(2);

  private static final String ORDER = " ORDER BY usage_id, seq";

  private final String clear;
  private final String all;
  private final String between;
  private final MultiRow add;

  ChangeJournal(SqlDialect dialect) {
    String select = "SELECT usage_id, seq FROM usage_change";
    this.clear = "DELETE FROM usage_change" + dialect.shards().onlyHome();
    this.all = select + dialect.shards().onlyHome() + ORDER;
    this.between =
        select + " WHERE " + dialect.shards().home() + "usage_id > ? AND usage_id <= ?" + ORDER;
    String insert = "INSERT INTO usage_change (usage_id, seq) ";
    this.add = new MultiRow(dialect, insert, 2, " ON CONFLICT DO NOTHING");
  }

  /**
   * A change.
   *
   * @param id the record's id
   * @param seq of the last correction that it had before, 0 where it had none, or {@link #NEW}
   */
  record Change(UUID id, long seq) {}

  /** Says what ledgers are to do with the journal. */
  enum Use {
    /** Ledgers ignore it, because nobody counts. */
    NONE,
    /** Ledgers write down what they change. */
    KEEP,
    /** Ledgers turn it off, because the process that counts seems to have died. */
    DROP;

    static Use at(long until, long now) {
      return until == 0 ? NONE : now < until ? KEEP : DROP;
    }
  }

  /** Turns the journal on, unless it is on already. */
  void begin(SqlSession session, Instant now) throws SQLException {
    long until = StoreSettings.CHANGES_KEPT_UNTIL.read(session);
    if (Use.at(until, Micros.of(now)) != Use.KEEP) {
      forget(session);
    }
    long wanted = Math.max(until, Micros.of(now.plus(KEPT)));
    StoreSettings.CHANGES_KEPT_UNTIL.add(session, wanted - until);
  }

  /** Empties the journal and turns it off; the caller must keep ledgers out. */
  void end(SqlSession session) throws SQLException {
    forget(session);
    long until = StoreSettings.CHANGES_KEPT_UNTIL.read(session);
    StoreSettings.CHANGES_KEPT_UNTIL.add(session, -until);
  }

  /** Turns the journal off while other ledgers run: the last row that a ledger locks. */
  static void drop(SqlSession session) throws SQLException {
    StoreSettings.CHANGES_KEPT_UNTIL.clear(session);
  }

  // another process that counts now learns that changes were forgotten
  private void forget(SqlSession session) throws SQLException {
    session.prepare(clear).executeUpdate();
    StoreSettings.RECORDS_REVISION.next(session);
  }

  /** True while it is on: nothing has happened since {@link #begin} that was not written down. */
  static boolean isOn(SqlSession session) throws SQLException {
    return StoreSettings.CHANGES_KEPT_UNTIL.read(session) > 0;
  }

  /** Writes down records that are new. */
  void add(Pipeline pipeline, Collection<UUID> ids) throws SQLException {
    add.add(pipeline, ids.stream().sorted().toList(), (id, to) -> to.id(id).number(NEW));
  }

  /**
   * Writes down records that are about to be corrected; {@code sequences} are those of their last
   * corrections, where they have any.
   */
  void correct(SqlSession session, Collection<UUID> ids, Map<UUID, Long> sequences)
      throws SQLException {
    add.update(
        session,
        ids.stream().distinct().sorted().toList(),
        (id, to) -> to.id(id).number(sequences.getOrDefault(id, 0L)));
  }

  /** All changes, by id and sequence. */
  List<Change> all(SqlSession session) throws SQLException {
    return read(session, session.prepare(all));
  }

  /** The changes of records whose id is above the one and not above the other. */
  List<Change> between(SqlSession session, UUID after, UUID last) throws SQLException {
    PreparedStatement statement = session.prepare(between);
    new Parameters(statement, session.dialect()).id(after).id(last);
    return read(session, statement);
  }

  private static List<Change> read(SqlSession session, PreparedStatement statement)
      throws SQLException {
    List<Change> changes = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        Columns from = new Columns(rows, session.dialect());
        changes.add(new Change(from.id(), from.number()));
      }
    }
    return changes;
  }
}
