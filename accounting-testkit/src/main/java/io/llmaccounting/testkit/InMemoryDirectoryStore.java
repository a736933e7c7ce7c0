package io.llmaccounting.testkit;

import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.directory.DirectoryEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Keeps projects and users by name. */
final class InMemoryDirectoryStore implements DirectoryStore {
  private final InMemoryStorage storage;
  private final FaultSwitch faults;

  InMemoryDirectoryStore(InMemoryStorage storage, FaultSwitch faults) {
    this.storage = storage;
    this.faults = faults;
  }

  @Override
  public long revision() {
    return faults.enter(() -> storage.directoryRevision);
  }

  @Override
  public Optional<DirectoryEntry> find(DirectoryEntry.Kind kind, String name) {
    return faults.enter(() -> Optional.ofNullable(entries(kind).get(name)));
  }

  @Override
  public List<DirectoryEntry> list(DirectoryEntry.Kind kind) {
    return faults.enter(() -> List.copyOf(entries(kind).values()));
  }

  @Override
  public boolean add(DirectoryEntry entry) {
    return change(() -> entries(entry.kind()).putIfAbsent(entry.name(), entry) == null);
  }

  @Override
  public boolean update(DirectoryEntry entry) {
    return change(() -> entries(entry.kind()).replace(entry.name(), entry) != null);
  }

  @Override
  public boolean rename(DirectoryEntry.Kind kind, String from, String to) {
    return change(
        () -> {
          DirectoryEntry entry = entries(kind).get(from);
          if (entry == null || entries(kind).containsKey(to)) {
            return false;
          }
          entries(kind).put(to, named(to, entry));
          entries(kind).remove(from);
          return true;
        });
  }

  @Override
  public boolean remove(DirectoryEntry.Kind kind, String name) {
    return change(() -> entries(kind).remove(name) != null);
  }

  private boolean change(BooleanSupplier change) {
    return faults.enter(
        () -> {
          boolean changed = change.getAsBoolean();
          if (changed) {
            storage.directoryRevision++;
          }
          return changed;
        });
  }

  private Map<String, DirectoryEntry> entries(DirectoryEntry.Kind kind) {
    return storage.directory.computeIfAbsent(kind, unknown -> new TreeMap<>());
  }

  private static DirectoryEntry named(String name, DirectoryEntry entry) {
    return new DirectoryEntry(
        entry.kind(),
        name,
        entry.organisationUnit(),
        entry.email(),
        entry.active(),
        entry.activatedAt(),
        entry.deactivatedAt());
  }
}
