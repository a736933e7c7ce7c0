package io.llmaccounting.bench;

import io.llmaccounting.audit.AuditLog;
import io.llmaccounting.backend.CounterKey;
import io.llmaccounting.backend.Decider;
import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.backend.Ledger;
import io.llmaccounting.backend.LedgerBatch;
import io.llmaccounting.backend.LedgerView;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.Maintenance;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.usage.TimeRange;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A backend that tells {@code store} of every booking transaction. */
record CountedBackend(UsageBackend rest, Store store) implements UsageBackend {
  @Override
  public Ledger ledger() {
    return new CountedLedger(rest.ledger(), store);
  }

  @Override
  public UsageStore usage() {
    return rest.usage();
  }

  @Override
  public LimitStore limits() {
    return rest.limits();
  }

  @Override
  public DirectoryStore directory() {
    return rest.directory();
  }

  @Override
  public AuditLog audit() {
    return rest.audit();
  }

  @Override
  public Maintenance maintenance() {
    return rest.maintenance();
  }

  @Override
  public void close() {
    rest.close();
  }

  private record CountedLedger(Ledger rest, Store store) implements Ledger {
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
}
