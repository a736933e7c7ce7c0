package io.llmaccounting.sql.directory;

import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Record;
import io.llmaccounting.sql.Connections;
import io.llmaccounting.sql.DirectoryTable;
import io.llmaccounting.sql.Micros;
import io.llmaccounting.sql.SqlSession;
import io.llmaccounting.sql.StoreSettings;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps projects and users in a database. Safe for use by many threads. */
public final class SqlDirectoryStore implements DirectoryStore {
  private final Connections connections;

  /** Keeps them behind {@code connections}. */
  public SqlDirectoryStore(Connections connections) {
    this.connections = connections;
  }

  @Override
  public long revision() {
    return connections.read(StoreSettings.DIRECTORY_REVISION::read);
  }

  @Override
  public Optional<DirectoryEntry> find(DirectoryEntry.Kind kind, String name) {
    DirectoryTable table = table(kind);
    return connections.read(
        session ->
            session
                .dsl()
                .selectFrom(table)
                .where(table.name.eq(name))
                .fetchOptional(row -> entry(kind, row)));
  }

  @Override
  public List<DirectoryEntry> list(DirectoryEntry.Kind kind) {
    List<DirectoryEntry> entries =
        connections.read(
            session -> session.dsl().selectFrom(table(kind)).fetch(row -> entry(kind, row)));
    // Here, so that the order does not depend on the database's collation.
    return entries.stream().sorted(Comparator.comparing(DirectoryEntry::name)).toList();
  }

  @Override
  public boolean add(DirectoryEntry entry) {
    return change(
        session ->
            session
                .dsl()
                .insertInto(table(entry.kind()))
                .set(columns(entry))
                .onConflictDoNothing()
                .execute());
  }

  @Override
  public boolean update(DirectoryEntry entry) {
    DirectoryTable table = table(entry.kind());
    return change(
        session ->
            session
                .dsl()
                .update(table)
                .set(columns(entry))
                .where(table.name.eq(entry.name()))
                .execute());
  }

  @Override
  public boolean rename(DirectoryEntry.Kind kind, String from, String to) {
    DirectoryTable table = table(kind);
    return change(
        session -> {
          boolean isTaken = session.dsl().fetchExists(table, table.name.eq(to));
          return isTaken
              ? 0
              : session
                  .dsl()
                  .update(table)
                  .set(table.name, to)
                  .where(table.name.eq(from))
                  .execute();
        });
  }

  @Override
  public boolean remove(DirectoryEntry.Kind kind, String name) {
    DirectoryTable table = table(kind);
    return change(session -> session.dsl().deleteFrom(table).where(table.name.eq(name)).execute());
  }

  private interface Change {
    int changedRows(SqlSession session);
  }

  private boolean change(Change change) {
    return connections.write(
        session -> {
          boolean changed = change.changedRows(session) > 0;
          if (changed) {
            StoreSettings.DIRECTORY_REVISION.next(session);
          }
          return changed;
        });
  }

  private static DirectoryTable table(DirectoryEntry.Kind kind) {
    return kind == DirectoryEntry.Kind.PROJECT ? DirectoryTable.PROJECT : DirectoryTable.APP_USER;
  }

  private static Map<Field<?>, @Nullable Object> columns(DirectoryEntry entry) {
    DirectoryTable table = table(entry.kind());
    Map<Field<?>, @Nullable Object> columns = new HashMap<>();
    columns.put(table.name, entry.name());
    columns.put(table.organisationUnit, entry.organisationUnit());
    columns.put(table.email, entry.email());
    columns.put(table.active, entry.active());
    columns.put(table.activatedAt, micros(entry.activatedAt()));
    columns.put(table.deactivatedAt, micros(entry.deactivatedAt()));
    return columns;
  }

  private static DirectoryEntry entry(DirectoryEntry.Kind kind, Record row) {
    DirectoryTable table = table(kind);
    return new DirectoryEntry(
        kind,
        Objects.requireNonNull(row.get(table.name)),
        row.get(table.organisationUnit),
        row.get(table.email),
        Objects.requireNonNull(row.get(table.active)),
        instant(row.get(table.activatedAt)),
        instant(row.get(table.deactivatedAt)));
  }

  private static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : Micros.of(instant);
  }

  private static @Nullable Instant instant(@Nullable Long micros) {
    return micros == null ? null : Micros.instant(micros);
  }
}
