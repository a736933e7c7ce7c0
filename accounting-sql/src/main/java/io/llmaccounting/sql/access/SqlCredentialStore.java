package io.llmaccounting.sql.access;

import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.backend.CredentialStore;
import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.shaded.jooq.impl.DSL;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.CredentialTable;
import io.llmaccounting.sql.Damage;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlWork;
import io.llmaccounting.sql.StoreSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps credentials of providers in a database. Safe for use by many threads. */
public final class SqlCredentialStore implements CredentialStore {

  private final Connections connections;

  /** Keeps them behind {@code connections}. */
  public SqlCredentialStore(Connections connections) {
    this.connections = connections;
  }

  @Override
  public long revision() {
    return connections.read(StoreSettings.CREDENTIAL_REVISION::read);
  }

  @Override
  public Optional<ProviderCredential> find(UUID id) {
    return connections.read(
        session ->
            session
                .dsl()
                .selectFrom(table())
                .where(table().id.eq(id))
                .fetchOptional(SqlCredentialStore::credential));
  }

  @Override
  public List<ProviderCredential> list(@Nullable String project, @Nullable String upstream) {
    return connections.read(
        session ->
            session
                .dsl()
                .selectFrom(table())
                .where(which(project, upstream))
                .orderBy(table().upstream, table().name, table().id)
                .fetch(SqlCredentialStore::credential));
  }

  private static Condition which(@Nullable String project, @Nullable String upstream) {
    Condition which = DSL.noCondition();
    if (project != null) {
      which = which.and(table().project.isNull().or(table().project.eq(project)));
    }
    return upstream == null ? which : which.and(table().upstream.eq(upstream));
  }

  @Override
  public boolean add(ProviderCredential credential) {
    return change(
        session ->
            session
                .dsl()
                .insertInto(table())
                .set(columns(credential))
                .onConflictDoNothing()
                .execute());
  }

  @Override
  public boolean replace(ProviderCredential expected, ProviderCredential changed) {
    return change(
        session ->
            session.dsl().update(table()).set(columns(changed)).where(isStill(expected)).execute());
  }

  // in the statement itself: a server looks again at a row that somebody else has changed meanwhile
  private static Condition isStill(ProviderCredential expected) {
    String project = expected.project();
    return table()
        .id
        .eq(expected.id())
        .and(project == null ? table().project.isNull() : table().project.eq(project))
        .and(table().upstream.eq(expected.upstream()))
        .and(table().name.eq(expected.name()))
        .and(table().sealed.eq(expected.sealed().toBytes()))
        .and(table().sealedBy.eq(expected.sealedBy()))
        .and(table().createdAt.eq(Micros.of(expected.createdAt())));
  }

  @Override
  public boolean remove(UUID id) {
    return change(session -> session.dsl().deleteFrom(table()).where(table().id.eq(id)).execute());
  }

  private boolean change(SqlWork<Integer> change) {
    return connections.write(
        session -> {
          boolean changed = change.run(session) > 0;
          if (changed) {
            StoreSettings.CREDENTIAL_REVISION.next(session);
          }
          return changed;
        });
  }

  private static Map<Field<?>, @Nullable Object> columns(ProviderCredential credential) {
    Map<Field<?>, @Nullable Object> columns = new HashMap<>();
    columns.put(table().id, credential.id());
    columns.put(table().project, credential.project());
    columns.put(table().upstream, credential.upstream());
    columns.put(table().name, credential.name());
    columns.put(table().sealed, credential.sealed().toBytes());
    columns.put(table().sealedBy, credential.sealedBy());
    columns.put(table().createdAt, Micros.of(credential.createdAt()));
    return columns;
  }

  private static ProviderCredential credential(Record row) {
    try {
      return new ProviderCredential(
          present(row, table().id),
          row.get(table().project),
          present(row, table().upstream),
          present(row, table().name),
          SealedBytes.of(present(row, table().sealed)),
          present(row, table().sealedBy),
          Micros.instant(present(row, table().createdAt)));
    } catch (IllegalArgumentException e) {
      throw Damage.of("a stored credential is none: " + e.getMessage(), e);
    }
  }

  private static <T> T present(Record row, Field<T> column) {
    return Objects.requireNonNull(row.get(column), column.getName());
  }

  /** Not in a field: who only opens a database loads none of the library for queries. */
  private static CredentialTable table() {
    return CredentialTable.PROVIDER_CREDENTIAL;
  }
}
