package io.llmaccounting.backend;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of an outbox.
 *
 * @param sink for which sink
 * @param items the records, none twice; those that were purged meanwhile are left out
 * @param entries the ids of the entries of the outbox that it consists of
 * @param scan the records of the past that it holds, or null where it holds none
 */
public record OutboxPage(
    String sink, List<OutboxItem> items, List<UUID> entries, @Nullable Scan scan) {
  /**
   * How far records of the past were read.
   *
   * @param after behind this id
   * @param to up to this id; null if there are no more
   */
  public record Scan(UUID after, @Nullable UUID to) {}

  /** Copies the lists. */
  public OutboxPage {
    Objects.requireNonNull(sink, "sink is required, was null");
    items = List.copyOf(items);
    entries = List.copyOf(entries);
  }

  /** True if nothing waits: there is nothing to tell the outbox about it either. */
  public boolean isEmpty() {
    return items.isEmpty() && entries.isEmpty() && scan == null;
  }
}
