package io.llmaccounting.sql.audit;

import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.SqlSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Walks through the whole trail, page by page, and takes the oldest away. */
final class AuditScans {
  private static final String SCAN =
      "SELECT id, stream, sequence, " + AuditRow.COLUMNS + " FROM audit_entry ";
  private static final String STREAMS =
      "SELECT stream, min(sequence), max(sequence), max(at),"
          + " min(CASE WHEN at >= ? THEN sequence END) FROM audit_entry"
          + " WHERE stream IS NOT NULL %s GROUP BY stream ORDER BY stream LIMIT ?";
  private static final String HASH =
      "SELECT sequence, hash, seal_key FROM audit_entry WHERE stream = ? AND sequence < ?"
          + " ORDER BY sequence DESC, id LIMIT 1";

  private AuditScans() {}

  static List<ScannedEntry> scan(SqlSession session, AuditScan scan) throws SQLException {
    ScannedEntry after = scan.after();
    boolean byStream = scan.order() == AuditScan.Order.STREAM;
    String where = byStream ? "WHERE stream IS NOT NULL" : "WHERE " + anywhere(session);
    if (after != null) {
      where += byStream ? " AND (stream, sequence, id) > (?, ?, ?)" : " AND id > ?";
    }
    String order = byStream ? " ORDER BY stream, sequence, id LIMIT ?" : " ORDER BY id LIMIT ?";
    PreparedStatement select = session.prepare(SCAN + where + order);
    Parameters to = new Parameters(select, session.dialect());
    if (after != null && byStream) {
      to.id(Objects.requireNonNull(after.stream(), "after must be a sealed entry"))
          .number(after.sequence());
    }
    if (after != null) {
      to.id(after.id());
    }
    to.number(scan.limit());
    List<ScannedEntry> page = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        page.add(AuditRow.scanned(Columns.exact(row, session.dialect())));
      }
    }
    return page;
  }

  private static String anywhere(SqlSession session) {
    return session.dialect().shards().anywhere("audit_entry") + "1 = 1";
  }

  static List<AuditStream> streams(SqlSession session, AuditStreams which) throws SQLException {
    UUID after = which.after();
    PreparedStatement select =
        session.prepare(STREAMS.formatted(after == null ? "" : "AND stream > ?"));
    Parameters to = new Parameters(select, session.dialect()).instant(which.before());
    if (after != null) {
      to.id(after);
    }
    to.number(which.limit());
    List<Found> found = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(Found.read(new Columns(row, session.dialect())));
      }
    }
    List<AuditStream> streams = new ArrayList<>();
    for (Found one : found) {
      streams.add(one.withHashes(session));
    }
    return streams;
  }

  /** A stream, as one statement tells. */
  private record Found(UUID stream, long first, long last, Instant latest, long kept) {
    static Found read(Columns from) throws SQLException {
      UUID stream = from.id();
      long first = from.number();
      long last = from.number();
      Instant latest = from.instant();
      Long kept = from.optionalNumber();
      return new Found(stream, first, last, latest, kept == null ? last + 1 : kept);
    }

    AuditStream withHashes(SqlSession session) throws SQLException {
      Place end = Place.before(session, stream, last + 1);
      Place cut = kept == first ? null : Place.before(session, stream, kept);
      return new AuditStream(
          stream,
          first,
          last,
          end.hash,
          end.key,
          latest,
          cut == null ? null : Long.valueOf(cut.sequence),
          cut == null ? null : cut.hash);
    }
  }

  /** The last place of a stream before another one. */
  private record Place(long sequence, String hash, @Nullable String key) {
    static Place before(SqlSession session, UUID stream, long sequence) throws SQLException {
      PreparedStatement select = session.prepare(HASH);
      new Parameters(select, session.dialect()).id(stream).number(sequence);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        Columns columns = new Columns(row, session.dialect());
        return new Place(columns.number(), columns.text(), columns.optionalText());
      }
    }
  }

  static int remove(SqlSession session, AuditRemoval removal) throws SQLException {
    String key = session.dialect().shards().key("id");
    boolean sharded = !key.equals("id");
    PreparedStatement select = leaving(session, key, removal);
    PreparedStatement delete =
        session.prepare(
            "DELETE FROM audit_entry WHERE " + (sharded ? "shard_key = ? AND " : "") + "id = ?");
    int removed = 0;
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        Columns columns = new Columns(row, session.dialect());
        Parameters which = new Parameters(delete, session.dialect());
        if (sharded) {
          which.number(columns.number());
        }
        which.id(columns.id());
        delete.addBatch();
        removed++;
      }
    }
    if (removed > 0) {
      delete.executeBatch();
    }
    return removed;
  }

  private static PreparedStatement leaving(SqlSession session, String key, AuditRemoval removal)
      throws SQLException {
    String select = "SELECT " + key + " FROM audit_entry WHERE ";
    if (removal instanceof AuditRemoval.Sealed sealed) {
      PreparedStatement statement =
          session.prepare(select + "stream = ? AND sequence <= ? ORDER BY sequence, id LIMIT ?");
      new Parameters(statement, session.dialect())
          .id(sealed.stream())
          .number(sealed.through())
          .number(sealed.limit());
      return statement;
    }
    AuditRemoval.Unsealed unsealed = (AuditRemoval.Unsealed) removal;
    PreparedStatement statement =
        session.prepare(select + "stream IS NULL AND at < ? ORDER BY at, id LIMIT ?");
    new Parameters(statement, session.dialect())
        .instant(unsealed.before())
        .number(unsealed.limit());
    return statement;
  }
}
