package io.llmaccounting.sql.access;

import io.llmaccounting.access.OwnedObject;
import io.llmaccounting.backend.OwnedObjectStore;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.Damage;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.OwnedObjectTable;
import io.llmaccounting.sql.SqlSession;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Keeps in a database whose objects are. Safe for use by many threads. */
public final class SqlOwnedObjectStore implements OwnedObjectStore {
  private final Connections connections;

  /** Keeps them behind {@code connections}. */
  public SqlOwnedObjectStore(Connections connections) {
    this.connections = connections;
  }

  @Override
  public void keep(Collection<OwnedObject> objects, Instant now) {
    if (objects.isEmpty()) {
      return;
    }
    // all in one order, so that two who keep the same do not wait for each other
    List<OwnedObject> sorted =
        objects.stream().sorted(Comparator.comparing(OwnedObject::handle)).toList();
    int unused =
        connections.write(
            session -> {
              sorted.forEach(one -> keep(session, one, Micros.of(now)));
              return sorted.size();
            });
  }

  private static void keep(SqlSession session, OwnedObject object, long now) {
    long expiry = Micros.of(object.expiresAt());
    Field<Long> known = table().expiresAt;
    session
        .dsl()
        .insertInto(table(), table().handle, table().owner, table().credential, known)
        .values(object.handle(), object.owner(), object.credential(), expiry)
        .onConflict(table().handle)
        .doUpdate()
        .set(table().owner, object.owner())
        .set(table().credential, object.credential())
        .set(known, DSL.when(known.gt(expiry), known).otherwise(expiry))
        .where(table().owner.eq(object.owner()).or(known.le(now)))
        .execute();
  }

  @Override
  public List<OwnedObject> find(Collection<String> handles) {
    return handles.isEmpty()
        ? List.of()
        : connections.read(
            session ->
                session
                    .dsl()
                    .selectFrom(table())
                    .where(table().handle.in(handles))
                    .fetch(SqlOwnedObjectStore::object));
  }

  @Override
  public void remove(Collection<String> handles) {
    if (!handles.isEmpty()) {
      int unused =
          connections.write(
              session ->
                  session.dsl().deleteFrom(table()).where(table().handle.in(handles)).execute());
    }
  }

  @Override
  public int removeExpired(Instant now, int most) {
    return connections.write(
        session ->
            session
                .dsl()
                .deleteFrom(table())
                .where(
                    table()
                        .handle
                        .in(
                            DSL.select(table().handle)
                                .from(table())
                                .where(table().expiresAt.le(Micros.of(now)))
                                .limit(most)))
                .execute());
  }

  private static OwnedObject object(Record row) {
    try {
      return new OwnedObject(
          present(row, table().handle),
          present(row, table().owner),
          present(row, table().credential),
          Micros.instant(present(row, table().expiresAt)));
    } catch (IllegalArgumentException e) {
      throw Damage.of("a stored owner of an object is none: " + e.getMessage(), e);
    }
  }

  private static <T> T present(Record row, Field<T> column) {
    return Objects.requireNonNull(row.get(column), column.getName());
  }

  /** Not in a field: who only opens a database loads none of the library for queries. */
  private static OwnedObjectTable table() {
    return OwnedObjectTable.OWNED_OBJECT;
  }
}
