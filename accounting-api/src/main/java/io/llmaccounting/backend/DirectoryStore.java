package io.llmaccounting.backend;

import io.llmaccounting.directory.DirectoryEntry;
import java.util.List;
import java.util.Optional;

/** Keeps projects and users. Safe for use by many threads. */
public interface DirectoryStore {
  /** Grows with every change, cheaply read. */
  long revision();

  /** The entry of this name. */
  Optional<DirectoryEntry> find(DirectoryEntry.Kind kind, String name);

  /** All entries of a kind, by name. */
  List<DirectoryEntry> list(DirectoryEntry.Kind kind);

  /**
   * Adds an entry.
   *
   * @return false if the name is taken; nothing changed
   */
  boolean add(DirectoryEntry entry);

  /**
   * Replaces the entry of that kind and name.
   *
   * @return false if there is none
   */
  boolean update(DirectoryEntry entry);

  /**
   * Gives an entry another name; usage recorded under the old one keeps it.
   *
   * @return false if there is no entry {@code from}, or {@code to} is taken
   */
  boolean rename(DirectoryEntry.Kind kind, String from, String to);

  /**
   * Removes an entry; usage recorded under its name stays.
   *
   * @return false if there is none
   */
  boolean remove(DirectoryEntry.Kind kind, String name);
}
