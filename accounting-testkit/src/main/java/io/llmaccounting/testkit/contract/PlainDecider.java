package io.llmaccounting.testkit.contract;

import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stores calls as they are, and remembers what it saw. Confined to one thread. */
final class PlainDecider implements Decider {
  private final List<Usage> usages;
  private final Function<LedgerView, LedgerWrites> writes;
  private boolean storesOld;
  private @Nullable LedgerView view;
  private @Nullable StoredRecords stored;

  PlainDecider(List<Usage> usages, Function<LedgerView, LedgerWrites> writes) {
    this.usages = usages;
    this.writes = writes;
  }

  /** Stores calls behind the purge horizon too. */
  PlainDecider storingOld() {
    storesOld = true;
    return this;
  }

  @Override
  public boolean storesOld(UUID id) {
    return storesOld;
  }

  @Override
  public List<RecordedUsage> stamp(LedgerView view) {
    return usages.stream().map(usage -> stamped(usage, view.now())).toList();
  }

  static RecordedUsage stamped(Usage usage, Instant now) {
    Instant charged = usage.occurredAt().isBefore(now) ? usage.occurredAt() : now;
    return new RecordedUsage(usage, charged, now, false, null);
  }

  @Override
  public LedgerWrites decide(LedgerView view, StoredRecords records) {
    this.view = view;
    this.stored = records;
    return writes.apply(view);
  }

  LedgerView view() {
    return Objects.requireNonNull(view, "the ledger never asked for a decision");
  }

  StoredRecords stored() {
    return Objects.requireNonNull(stored, "the ledger never asked for a decision");
  }
}
