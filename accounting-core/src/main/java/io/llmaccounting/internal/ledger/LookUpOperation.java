package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds who makes a call, by its hold or, once that is gone, by its record. Writes nothing. */
public final class LookUpOperation extends HoldOperation<Optional<CallRequest>> {
  /** Looks for the call of this id. */
  public LookUpOperation(UUID id) {
    super(id);
  }

  @Override
  void need(Needs needs) {
    super.need(needs);
    needs.readRecord(id);
  }

  @Override
  void spare(Set<UUID> holds) {
    holds.add(id);
  }

  @Override
  Optional<CallRequest> decide(LedgerTransaction transaction) {
    HoldRecord hold = transaction.hold(id);
    if (hold != null) {
      HoldRecord.Asked asked = hold.asked();
      CallRequest call = call(hold.model(), hold.provider(), hold.attribution());
      return Optional.of(with(call, asked.key(), asked.operation()));
    }
    RecordedUsage record = transaction.record(id);
    if (record == null) {
      return Optional.empty();
    }
    Usage usage = record.usage();
    CallRequest call = call(usage.model(), usage.provider(), usage.attribution());
    return Optional.of(with(call, usage.key(), usage.operation()));
  }

  private static CallRequest with(
      CallRequest call, @Nullable String key, @Nullable String operation) {
    CallRequest keyed = key == null ? call : call.key(key);
    return operation == null ? keyed : keyed.operation(operation);
  }

  private static CallRequest call(
      String model, @Nullable String provider, Attribution attribution) {
    CallRequest call = CallRequest.to(model).attribution(attribution);
    return provider == null ? call : call.provider(provider);
  }
}
