package io.llmaccounting.internal.audit;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.audit.SealedEntry;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the texts of entries fit to be stored, seals the entries where that is on, and writes them.
 * Safe for use by many threads.
 */
public final class EntryWriter {
  private final AuditLog log;
  private final StoredTexts texts;
  private final @Nullable SealingLine line;

  /**
   * Writes to {@code log}; {@code newStream} makes ids of streams, {@code newSalt} what nobody can
   * guess.
   */
  public EntryWriter(
      AuditLog log,
      StoredTexts texts,
      SealKeys keys,
      Supplier<UUID> newStream,
      Supplier<String> newSalt) {
    this.log = log;
    this.texts = texts;
    this.line = keys.areSealing() ? new SealingLine(log, keys, newStream, newSalt) : null;
  }

  /** Writes one entry; durable when this returns. */
  public AuditEntry write(Draft draft) {
    AuditEntry entry = fit(draft);
    append(List.of(entry));
    return entry;
  }

  /** The entry as it may be written. */
  AuditEntry fit(Draft draft) {
    return texts.entry(draft);
  }

  /** Writes entries as they are, in this order, all or none. */
  void append(List<AuditEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    if (line != null) {
      line.append(entries);
    } else {
      log.append(entries.stream().map(SealedEntry::unsealed).toList());
    }
  }
}
