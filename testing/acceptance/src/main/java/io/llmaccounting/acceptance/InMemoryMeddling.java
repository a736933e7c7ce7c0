package io.llmaccounting.acceptance;

import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.SealedEntry;
import io.llmaccounting.testkit.InMemoryStorage;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Meddling with what is in memory. */
final class InMemoryMeddling implements Meddling {
  private final InMemoryStorage storage;

  InMemoryMeddling(InMemoryStorage storage) {
    this.storage = storage;
  }

  @Override
  public void alter(UUID id, String prompt) {
    change(
        id,
        one -> {
          AuditEntry entry = one.entry();
          return new SealedEntry(
              new AuditEntry(
                  entry.id(),
                  entry.at(),
                  entry.type(),
                  entry.actor(),
                  entry.outcome(),
                  entry.model(),
                  entry.attribution(),
                  entry.usageId(),
                  entry.responseId(),
                  prompt,
                  entry.response(),
                  entry.attributes(),
                  entry.marks()),
              one.seal());
        });
  }

  @Override
  public void remove(UUID id) {
    storage.rewriteAudit(
        entries -> entries.stream().filter(one -> !one.entry().id().equals(id)).toList());
  }

  @Override
  public void exchange(SealedEntry one, SealedEntry other) {
    change(one.entry().id(), old -> new SealedEntry(old.entry(), other.seal()));
    change(other.entry().id(), old -> new SealedEntry(old.entry(), one.seal()));
  }

  @Override
  public void insert(SealedEntry forged) {
    storage.rewriteAudit(
        entries -> {
          entries.add(forged);
          return entries;
        });
  }

  private void change(UUID id, UnaryOperator<SealedEntry> change) {
    storage.rewriteAudit(
        entries ->
            entries.stream()
                .map(one -> one.entry().id().equals(id) ? change.apply(one) : one)
                .toList());
  }
}
