package io.llmaccounting.sql.audit;

import static io.llmaccounting.sql.AuditEntryTable.AUDIT_ENTRY;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.audit.AuditRemoval;
import io.llmaccounting.audit.AuditScan;
import io.llmaccounting.audit.AuditStream;
import io.llmaccounting.audit.AuditStreams;
import io.llmaccounting.audit.ErasableAuditLog;
import io.llmaccounting.audit.ErasedEntry;
import io.llmaccounting.audit.ScannedEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.sql.Columns;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.Parameters;
import io.llmaccounting.sql.RowCursor;
import io.llmaccounting.sql.Shards;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps the audit trail in a database. Safe for use by many threads. */
public final class SqlAuditLog implements ErasableAuditLog {
  private static final int ROWS_AT_A_TIME = 100;

  private final Connections connections;

  /** Keeps it behind {@code connections}. */
  public SqlAuditLog(Connections connections) {
    this.connections = connections;
  }

  @Override
  public void append(List<SealedEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    // In one order, so that two appends of the same entries never wait for one another.
    List<SealedEntry> sorted =
        entries.stream().sorted(Comparator.comparing(stored -> stored.entry().id())).toList();
    connections.write(
        session -> {
          for (int from = 0; from < sorted.size(); from += ROWS_AT_A_TIME) {
            append(session, sorted.subList(from, Math.min(sorted.size(), from + ROWS_AT_A_TIME)));
          }
          return true;
        });
  }

  private static void append(SqlSession session, List<SealedEntry> entries) throws SQLException {
    Shards shards = session.dialect().shards();
    PreparedStatement insert = session.prepare(AuditRow.insert(shards));
    for (SealedEntry stored : entries) {
      Parameters to = new Parameters(insert, session.dialect());
      shards.bind(stored.entry().attribution().project(), to);
      AuditRow.bind(stored, to);
      insert.addBatch();
    }
    int[] counts = insert.executeBatch();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 1) {
        requireSame(session, entries.get(i));
      }
    }
  }

  private static void requireSame(SqlSession session, SealedEntry given) throws SQLException {
    if (!read(session, AUDIT_ENTRY.id.eq(given.entry().id()), 1).equals(List.of(given))) {
      throw new BackendException(
          BackendException.Kind.REJECTED,
          "audit id %s is taken by another entry; entries are never changed, append one with a new id"
              .formatted(given.entry().id()));
    }
  }

  @Override
  public Optional<SealedEntry> entry(UUID id) {
    return connections.read(
        session -> read(session, AUDIT_ENTRY.id.eq(id), 1).stream().findFirst());
  }

  @Override
  public List<ScannedEntry> scan(AuditScan scan) {
    return connections.read(session -> AuditScans.scan(session, scan));
  }

  @Override
  public List<AuditStream> streams(AuditStreams which) {
    return connections.read(session -> AuditScans.streams(session, which));
  }

  @Override
  public long unsealed() {
    return connections.read(
        session -> session.dsl().fetchCount(AUDIT_ENTRY, AUDIT_ENTRY.stream.isNull()));
  }

  @Override
  public int remove(AuditRemoval removal) {
    return connections.write(session -> AuditScans.remove(session, removal));
  }

  @Override
  public int replace(List<ErasedEntry> entries) {
    // In one order, so that two that replace the same entries never wait for one another.
    List<ErasedEntry> sorted =
        entries.stream().sorted(Comparator.comparing(one -> one.before().entry().id())).toList();
    return connections.write(
        session -> {
          int replaced = 0;
          for (ErasedEntry one : sorted) {
            replaced += replace(session, one);
          }
          return replaced;
        });
  }

  private static int replace(SqlSession session, ErasedEntry one) throws SQLException {
    UUID id = one.before().entry().id();
    String project = one.before().entry().attribution().project();
    String which = session.dialect().shards().one("audit_entry", project) + "id = ?";
    PreparedStatement lock =
        session.prepare(
            "SELECT id FROM audit_entry WHERE "
                + which
                + session.dialect().locking(SqlDialect.RowLock.EXCLUSIVE));
    new Parameters(lock, session.dialect()).id(id);
    try (ResultSet row = lock.executeQuery()) {
      if (!row.next()) {
        return 0;
      }
    }
    if (!read(session, AUDIT_ENTRY.id.eq(id), 1).equals(List.of(one.before()))) {
      return 0;
    }
    PreparedStatement update = session.prepare(AuditRow.REPLACE + which);
    Parameters to = new Parameters(update, session.dialect());
    AuditRow.bindReplacement(one.after(), to);
    to.id(id);
    update.executeUpdate();
    return 1;
  }

  @Override
  public List<AuditEntry> find(AuditQuery query) {
    return connections.read(session -> find(session, query)).stream()
        .map(SealedEntry::entry)
        .toList();
  }

  private static List<SealedEntry> find(SqlSession session, AuditQuery query) throws SQLException {
    Condition which =
        AUDIT_ENTRY
            .at
            .ge(Micros.of(query.period().from()))
            .and(AUDIT_ENTRY.at.lt(Micros.of(query.period().to())))
            .and(means(AUDIT_ENTRY.type, query.type()))
            .and(means(AUDIT_ENTRY.caller, query.caller()))
            .and(means(AUDIT_ENTRY.project, query.project()))
            .and(means(AUDIT_ENTRY.user, query.user()))
            .and(means(AUDIT_ENTRY.model, query.model()))
            .and(means(AUDIT_ENTRY.session, query.session()))
            .and(means(AUDIT_ENTRY.usageId, query.usageId()));
    if (query.before() == null) {
      return read(session, which, query.limit());
    }
    Long at =
        session
            .dsl()
            .select(AUDIT_ENTRY.at)
            .from(AUDIT_ENTRY)
            .where(session.dialect().shards().anywhere(AUDIT_ENTRY))
            .and(AUDIT_ENTRY.id.eq(query.before()))
            .fetchOne(AUDIT_ENTRY.at);
    if (at == null) {
      // Entries leave oldest first: if this one has left, so has all that came after it.
      return List.of();
    }
    Condition after =
        DSL.row(AUDIT_ENTRY.at, AUDIT_ENTRY.id).lt(DSL.row(DSL.val(at), id(query.before())));
    return read(session, which.and(after), query.limit());
  }

  private static Field<UUID> id(UUID id) {
    return DSL.val(id, AUDIT_ENTRY.id);
  }

  private static <T> Condition means(Field<T> column, @Nullable T wanted) {
    return wanted == null ? DSL.noCondition() : column.eq(wanted);
  }

  private static List<SealedEntry> read(SqlSession session, Condition which, int limit)
      throws SQLException {
    List<SealedEntry> entries = new ArrayList<>();
    var query =
        session
            .dsl()
            .selectFrom(AUDIT_ENTRY)
            .where(session.dialect().shards().anywhere(AUDIT_ENTRY))
            .and(which)
            .orderBy(AUDIT_ENTRY.at.desc(), AUDIT_ENTRY.id.desc())
            .limit(limit);
    try (RowCursor cursor = RowCursor.open(session, query)) {
      while (cursor.next()) {
        entries.add(AuditRow.read(Columns.exact(cursor.row(), session.dialect())));
      }
    }
    return List.copyOf(entries);
  }
}
