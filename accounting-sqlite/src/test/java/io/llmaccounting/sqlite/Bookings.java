package io.llmaccounting.sqlite;

import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LedgerWrites;
import io.llmaccounting.backend.StoredRecords;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Books records without any limit, as the least of deciders would. */
final class Bookings {
  private Bookings() {}

  /** Stores one record and returns it as it was stored. */
  static RecordedUsage record(UsageBackend backend, Usage usage) {
    Plain plain = new Plain(List.of(usage));
    backend.ledger().transact(batch(backend), plain);
    return plain.stamped.get(0);
  }

  /** Stores records, and says which were new. */
  static StoredRecords record(UsageBackend backend, List<Usage> usages) {
    Plain plain = new Plain(usages);
    backend.ledger().transact(batch(backend), plain);
    return plain.stored;
  }

  /** What the store answers when {@code recorded} is recorded again. */
  static RecordedUsage twinOf(UsageBackend backend, RecordedUsage recorded) {
    return record(backend, List.of(recorded.usage())).twins().get(recorded.usage().id());
  }

  private static LedgerBatch batch(UsageBackend backend) {
    return new LedgerBatch(backend.limits().revision(), new TreeSet<>(), Set.of(), Set.of());
  }

  private static final class Plain implements Decider {
    private final List<Usage> usages;
    private List<RecordedUsage> stamped = List.of();
    private StoredRecords stored;

    private Plain(List<Usage> usages) {
      this.usages = usages;
    }

    @Override
    public List<RecordedUsage> stamp(LedgerView view) {
      stamped =
          usages.stream()
              .map(usage -> new RecordedUsage(usage, view.now(), view.now(), false, null))
              .toList();
      return stamped;
    }

    @Override
    public LedgerWrites decide(LedgerView view, StoredRecords records) {
      stored = records;
      return LedgerWrites.NONE;
    }
  }
}
