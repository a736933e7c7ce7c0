package io.llmaccounting.server.rest.reach;

import io.llmaccounting.Directory;
import io.llmaccounting.directory.DirectoryEntry;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a key reaches of the projects and users that are known. Safe for use by many threads. */
public final class DirectoryReach {
  private final Directory directory;
  private final Confinement confinement;

  DirectoryReach(Directory directory, Confinement confinement) {
    this.directory = directory;
    this.confinement = confinement;
  }

  /** All entries of a kind, by name. */
  public List<DirectoryEntry> list(DirectoryEntry.Kind kind) {
    confinement.requireWhole();
    List<DirectoryEntry> all =
        kind == DirectoryEntry.Kind.PROJECT ? directory.projects() : directory.users();
    return all.stream().sorted(Comparator.comparing(DirectoryEntry::name)).toList();
  }

  /** The entry of this name. */
  public Optional<DirectoryEntry> find(DirectoryEntry.Kind kind, String name) {
    confinement.requireWhole();
    return kind == DirectoryEntry.Kind.PROJECT ? directory.project(name) : directory.user(name);
  }

  /**
   * Adds an entry, or makes it what {@code wanted} says; only the directory tells since when it is
   * active.
   *
   * @return whether it is new
   */
  public boolean save(DirectoryEntry wanted) {
    confinement.requireWhole();
    boolean added = directory.add(wanted);
    if (!added) {
      DirectoryEntry unused =
          directory.change(
              wanted.kind(),
              wanted.name(),
              present ->
                  new DirectoryEntry(
                      present.kind(),
                      present.name(),
                      wanted.organisationUnit(),
                      wanted.email(),
                      present.active(),
                      present.activatedAt(),
                      present.deactivatedAt()));
    }
    DirectoryEntry done =
        wanted.active()
            ? directory.activate(wanted.kind(), wanted.name())
            : directory.deactivate(wanted.kind(), wanted.name());
    return added && done.active() == wanted.active();
  }

  /** Removes an entry; false if there is none. */
  public boolean remove(DirectoryEntry.Kind kind, String name) {
    confinement.requireWhole();
    return directory.remove(kind, name);
  }
}
