package io.llmaccounting.sql;

import io.llmaccounting.usage.UsageId;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Writes down which records a transaction of the ledger made or adjusted, for each sink that is
 * open. An entry has an id of its own, so that what is adjusted while its record is being delivered
 * is delivered again. Safe for use by many threads.
 */
public final class OutboxRows {
  /** How many records an entry names: its row stays within a page. */
  public static final int OF_AN_ENTRY = 100;

  private final Shards shards;
  private final RandomGenerator random;
  private final MultiRow insert;
  private final String names;
  private volatile Known known = new Known(0, List.of());

  /** The sinks that were open at a revision. */
  private record Known(long revision, List<String> sinks) {}

  private record Entry(String sink, UUID id, List<UUID> records) {}

  /** Renders the statements; {@code random} is safe for use by many threads. */
  public OutboxRows(SqlDialect dialect, RandomGenerator random) {
    this.shards = dialect.shards();
    this.random = random;
    String columns = "sink, id, usage_ids";
    this.insert =
        new MultiRow(
            dialect,
            "INSERT INTO sink_outbox ("
                + (shards.isSpread() ? shards.key(columns) : columns)
                + ") ",
            shards.isSpread() ? 4 : 3,
            "");
    this.names = "SELECT name FROM sink" + shards.onlyHome();
  }

  /** The sinks that are open at {@code revision}, which was read while nobody could change it. */
  List<String> sinks(SqlSession session, long revision) throws SQLException {
    Known last = known;
    if (last.revision != revision) {
      List<String> found = new ArrayList<>();
      try (ResultSet row = session.prepare(names).executeQuery()) {
        while (row.next()) {
          found.add(row.getString(1));
        }
      }
      last = new Known(revision, List.copyOf(found));
      known = last;
    }
    return last.sinks;
  }

  /** Writes the records down for {@code sinks}, together with what else is in the pipeline. */
  void add(Pipeline pipeline, List<String> sinks, Collection<UUID> records, Instant now, int place)
      throws SQLException {
    if (sinks.isEmpty() || records.isEmpty()) {
      return;
    }
    write(pipeline, sinks, List.copyOf(records), now, Shards.atPlace(place));
  }

  /** Writes records down for one sink. */
  public void add(SqlSession session, String sink, Collection<UUID> records, Instant now)
      throws SQLException {
    if (!records.isEmpty()) {
      Pipeline alone = new Pipeline(session);
      write(alone, List.of(sink), List.copyOf(records), now, 0);
      alone.run();
    }
  }

  private void write(
      Pipeline pipeline, List<String> sinks, List<UUID> records, Instant now, int shard)
      throws SQLException {
    List<Entry> entries = new ArrayList<>();
    for (String sink : sinks) {
      for (int from = 0; from < records.size(); from += OF_AN_ENTRY) {
        int to = Math.min(records.size(), from + OF_AN_ENTRY);
        entries.add(new Entry(sink, UsageId.create(now, random), records.subList(from, to)));
      }
    }
    insert.add(
        pipeline,
        entries,
        (entry, to) ->
            shards.bindOne(shard, to).text(entry.sink).id(entry.id).bytes(bytes(entry.records)));
  }

  private static byte[] bytes(List<UUID> ids) {
    ByteBuffer bytes = ByteBuffer.allocate(16 * ids.size());
    for (UUID id : ids) {
      bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
    return bytes.array();
  }

  /** The ids that an entry names. */
  public static List<UUID> ids(byte[] stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    List<UUID> ids = new ArrayList<>(stored.length / 16);
    while (bytes.remaining() >= 16) {
      ids.add(new UUID(bytes.getLong(), bytes.getLong()));
    }
    return ids;
  }
}
