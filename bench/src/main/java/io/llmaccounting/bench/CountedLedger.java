package io.llmaccounting.bench;

import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.testing.ReplacedLedger;
import io.llmaccounting.usage.TimeRange;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A ledger that tells {@code store} of every booking transaction. */
record CountedLedger(Ledger rest, Store store) implements Ledger {
  /** A backend with such a ledger. */
  static UsageBackend of(UsageBackend backend, Store store) {
    return new ReplacedLedger(backend, new CountedLedger(backend.ledger(), store));
  }

  @Override
  public void transact(LedgerBatch batch, Decider decider) {
    rest.transact(batch, decider);
    store.committed();
  }

  @Override
  public LedgerView peek(Set<CounterKey> counters) {
    return rest.peek(counters);
  }

  @Override
  public List<HoldRecord> holds() {
    return rest.holds();
  }

  @Override
  public List<HoldRecord> expiredHolds(int most) {
    return rest.expiredHolds(most);
  }

  @Override
  public List<DenialCount> denials(TimeRange period) {
    return rest.denials(period);
  }

  @Override
  public List<Alert> alerts(boolean undeliveredOnly) {
    return rest.alerts(undeliveredOnly);
  }

  @Override
  public void markDelivered(Set<UUID> alertIds) {
    rest.markDelivered(alertIds);
  }
}
