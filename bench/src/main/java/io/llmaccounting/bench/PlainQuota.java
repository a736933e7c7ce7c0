package io.llmaccounting.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * The row changes of holding and settling calls under some limits, and nothing else: nobody
 * decides. Counters are read and written once for each group.
 */
final class PlainQuota {
  private static final long HOLD_MICROS = 600_000_000L;
  private static final int BYTES_OF_AN_AMOUNT = 26;
  private static final int BYTES_OF_A_STATE = 60;

  private final PlainRecords records;
  private final PlainTable holds;
  private final PlainTable counters;
  private final String lock;
  private final int limits;

  /** A call whose hold is written, or deleted with its record and rollups written. */
  record Step(PlainRow call, boolean settles) {}

  PlainQuota(Store store, int limits) {
    this.records = new PlainRecords(store);
    this.limits = limits;
    this.holds =
        new PlainTable(
            new PlainTable.Columns(
                "quota_hold",
                true,
                List.of("admitted_at", "expires_at", "lives_micros"),
                List.of("model", "provider", "project", "user_name", "caller"),
                "amounts",
                List.of()),
            "");
    this.counters =
        new PlainTable(
            new PlainTable.Columns(
                "quota_counter",
                false,
                List.of("limit_id", "as_of"),
                List.of("subject"),
                "state",
                List.of()),
            " ON CONFLICT ("
                + (store.takesArrays() ? "shard_key, " : "")
                + "limit_id, subject) DO UPDATE SET as_of = excluded.as_of, state ="
                + " excluded.state");
    this.lock =
        "SELECT state FROM quota_counter WHERE limit_id >= 1 AND limit_id <= ? ORDER BY limit_id"
            + (store.takesArrays() ? " FOR UPDATE" : "");
  }

  void write(PlainConnection connection, List<Step> steps) throws SQLException {
    long now = 0;
    List<PlainRow> held = new ArrayList<>();
    List<UUID> ended = new ArrayList<>();
    List<PlainRow> settled = new ArrayList<>();
    for (Step step : steps) {
      PlainRow call = step.call();
      now = call.numbers()[PlainRecords.OCCURRED_AT];
      if (step.settles()) {
        ended.add(Objects.requireNonNull(call.id()));
        settled.add(call);
      } else {
        held.add(hold(call, now));
      }
    }
    lock(connection);
    holds.delete(connection, ended);
    records.write(connection, settled);
    List<PlainRow> states = new ArrayList<>();
    for (int limit = 1; limit <= limits; limit++) {
      states.add(
          new PlainRow(
              null, new long[] {limit, now}, new String[] {""}, new byte[BYTES_OF_A_STATE]));
    }
    counters.insert(connection, states);
    holds.insert(connection, held);
  }

  private PlainRow hold(PlainRow call, long now) {
    String[] texts = call.texts();
    return new PlainRow(
        call.id(),
        new long[] {now, now + HOLD_MICROS, HOLD_MICROS},
        new String[] {texts[0], texts[1], texts[6], texts[7], texts[8]},
        new byte[1 + limits * BYTES_OF_AN_AMOUNT]);
  }

  private void lock(PlainConnection connection) throws SQLException {
    PreparedStatement statement = connection.prepare(lock);
    statement.setLong(1, limits);
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        rows.getBytes(1);
      }
    }
  }
}
