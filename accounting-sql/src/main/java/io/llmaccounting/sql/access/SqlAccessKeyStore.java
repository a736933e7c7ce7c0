package io.llmaccounting.sql.access;

import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.backend.AccessKeyStore;
import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.SelectConditionStep;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.sql.AccessKeyTable;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlDialect;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.SqlWork;
import io.llmaccounting.sql.StoreSettings;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Keeps keys of callers in a database. Safe for use by many threads. */
public final class SqlAccessKeyStore implements AccessKeyStore {
  private static final String USED =
      "UPDATE access_key SET last_used_at = ?"
          + " WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)";

  private final Connections connections;

  /** Keeps them behind {@code connections}. */
  public SqlAccessKeyStore(Connections connections) {
    this.connections = connections;
  }

  @Override
  public long revision() {
    return connections.read(StoreSettings.ACCESS_REVISION::read);
  }

  @Override
  public Optional<AccessKey> find(String digest) {
    return one(table().digest.eq(digest).or(table().formerDigest.eq(digest)));
  }

  @Override
  public Optional<AccessKey> find(UUID id) {
    return one(table().id.eq(id));
  }

  private Optional<AccessKey> one(Condition which) {
    return connections.read(
        session ->
            session
                .dsl()
                .selectFrom(table())
                .where(which)
                .limit(1)
                .fetchOptional(AccessKeyRow::key));
  }

  @Override
  public List<AccessKey> list(AccessKeyQuery query) {
    return connections.read(
        session ->
            session
                .dsl()
                .selectFrom(table())
                .where(which(query))
                .orderBy(table().name, table().id)
                .limit(query.limit())
                .fetch(AccessKeyRow::key));
  }

  private static Condition which(AccessKeyQuery query) {
    Condition which = DSL.noCondition();
    if (query.project() != null) {
      which = which.and(table().project.eq(query.project()));
    }
    if (query.user() != null) {
      which = which.and(table().user.eq(query.user()));
    }
    AccessKeyQuery.Position after = query.after();
    return after == null ? which : which.and(isAfter(after));
  }

  // compared as a row, so that an index is entered just there, also among keys of one name
  private static Condition isAfter(AccessKeyQuery.Position after) {
    return DSL.condition(
        "({0}, {1}) > ({2}, {3})",
        table().name,
        table().id,
        DSL.val(after.name(), table().name),
        DSL.val(after.id(), table().id));
  }

  @Override
  public boolean add(AccessKey key) {
    return change(
        session ->
            !isTaken(session, key)
                && session
                        .dsl()
                        .insertInto(table())
                        .set(AccessKeyRow.columns(key))
                        .set(table().lastUsedAt, AccessKeyRow.micros(key.lastUsedAt()))
                        .onConflictDoNothing()
                        .execute()
                    > 0);
  }

  @Override
  public boolean replace(AccessKey expected, AccessKey changed) {
    return change(
        session -> {
          Optional<AccessKey> stored = locked(session, expected.id());
          if (stored.isEmpty() || !stored.get().isSameAs(expected) || isTaken(session, changed)) {
            return false;
          }
          return session
                  .dsl()
                  .update(table())
                  .set(AccessKeyRow.columns(changed))
                  .where(table().id.eq(expected.id()))
                  .execute()
              > 0;
        });
  }

  private static Optional<AccessKey> locked(SqlSession session, UUID id) {
    SelectConditionStep<Record> select = session.dsl().selectFrom(table()).where(table().id.eq(id));
    return session.dialect().family() == SqlDialect.Family.SQLITE
        ? select.fetchOptional(AccessKeyRow::key)
        : select.forUpdate().fetchOptional(AccessKeyRow::key);
  }

  // the constraint of the table knows nothing of former secrets
  private static boolean isTaken(SqlSession session, AccessKey key) {
    return session
        .dsl()
        .fetchExists(
            table(),
            table()
                .id
                .ne(key.id())
                .and(table().digest.eq(key.digest()).or(table().formerDigest.eq(key.digest()))));
  }

  private boolean change(SqlWork<Boolean> change) {
    return connections.write(
        session -> {
          boolean changed = change.run(session);
          if (changed) {
            StoreSettings.ACCESS_REVISION.next(session);
          }
          return changed;
        });
  }

  @Override
  public void used(Map<UUID, Instant> last) {
    // rows are locked in one order, whoever writes
    List<Map.Entry<UUID, Instant>> uses =
        last.entrySet().stream()
            .sorted(Comparator.comparing(use -> use.getKey().toString()))
            .toList();
    boolean unused =
        connections.write(
            session -> {
              PreparedStatement statement = session.prepare(USED);
              for (Map.Entry<UUID, Instant> use : uses) {
                long at = Micros.of(use.getValue());
                statement.setLong(1, at);
                session.dialect().bindId(statement, 2, use.getKey());
                statement.setLong(3, at);
                statement.addBatch();
              }
              return statement.executeBatch().length > 0;
            });
  }

  /** Not in a field: who only opens a database loads none of the library for queries. */
  private static AccessKeyTable table() {
    return AccessKeyTable.ACCESS_KEY;
  }
}
