package io.llmaccounting;

import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.internal.cache.LocalChanges;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Projects and users that the installation knows. Changes are seen at once in this process, and by
 * others within the accounting's staleness. Safe for use by many threads.
 */
public final class Directory {
  private final DirectoryStore store;
  private final InstantSource clock;

  Directory(DirectoryStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Adds an active project.
   *
   * @return false if there is one of that name
   */
  public boolean addProject(String name) {
    return add(DirectoryEntry.project(name));
  }

  /**
   * Adds an active user.
   *
   * @return false if there is one of that name
   */
  public boolean addUser(String name) {
    return add(DirectoryEntry.user(name));
  }

  /**
   * Adds an entry, active from now on.
   *
   * @return false if the name is taken
   */
  public boolean add(DirectoryEntry entry) {
    boolean added = store.add(entry.activated(clock.instant().truncatedTo(ChronoUnit.MICROS)));
    LocalChanges.ofDirectory();
    return added;
  }

  /** The project of this name. */
  public Optional<DirectoryEntry> project(String name) {
    return store.find(DirectoryEntry.Kind.PROJECT, name);
  }

  /** The user of this name. */
  public Optional<DirectoryEntry> user(String name) {
    return store.find(DirectoryEntry.Kind.USER, name);
  }

  /** All projects, by name. */
  public List<DirectoryEntry> projects() {
    return store.list(DirectoryEntry.Kind.PROJECT);
  }

  /** All users, by name. */
  public List<DirectoryEntry> users() {
    return store.list(DirectoryEntry.Kind.USER);
  }

  /**
   * Activates an entry: calls under the name may go ahead again.
   *
   * @throws UnknownNameException if there is no such entry
   */
  public DirectoryEntry activate(DirectoryEntry.Kind kind, String name) {
    return change(
        kind, name, entry -> entry.activated(clock.instant().truncatedTo(ChronoUnit.MICROS)));
  }

  /**
   * Deactivates an entry: where names are enforced, calls under the name are refused.
   *
   * @throws UnknownNameException if there is no such entry
   */
  public DirectoryEntry deactivate(DirectoryEntry.Kind kind, String name) {
    return change(
        kind, name, entry -> entry.deactivated(clock.instant().truncatedTo(ChronoUnit.MICROS)));
  }

  /**
   * Changes an entry.
   *
   * @throws UnknownNameException if there is no such entry
   */
  public DirectoryEntry change(
      DirectoryEntry.Kind kind, String name, UnaryOperator<DirectoryEntry> change) {
    DirectoryEntry changed =
        store
            .find(kind, name)
            .map(change)
            .orElseThrow(() -> new UnknownNameException(kind, name, false));
    if (!store.update(changed)) {
      throw new UnknownNameException(kind, name, false);
    }
    LocalChanges.ofDirectory();
    return changed;
  }

  /**
   * Gives an entry another name; usage recorded under the old one keeps it.
   *
   * @return false if there is no entry {@code from}, or {@code to} is taken
   */
  public boolean rename(DirectoryEntry.Kind kind, String from, String to) {
    boolean renamed = store.rename(kind, from, to);
    LocalChanges.ofDirectory();
    return renamed;
  }

  /**
   * Removes an entry; usage recorded under its name stays.
   *
   * @return false if there is none
   */
  public boolean remove(DirectoryEntry.Kind kind, String name) {
    boolean removed = store.remove(kind, name);
    LocalChanges.ofDirectory();
    return removed;
  }
}
