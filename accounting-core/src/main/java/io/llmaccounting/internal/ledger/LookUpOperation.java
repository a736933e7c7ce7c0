package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.util.Optional;
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
  Optional<CallRequest> decide(Booking booking) {
    HoldRecord hold = booking.hold(id);
    if (hold != null) {
      return Optional.of(call(hold.model(), hold.provider(), hold.attribution()));
    }
    RecordedUsage record = booking.record(id);
    if (record == null) {
      return Optional.empty();
    }
    Usage usage = record.usage();
    CallRequest call = call(usage.model(), usage.provider(), usage.attribution());
    return Optional.of(usage.key() == null ? call : call.key(usage.key()));
  }

  private static CallRequest call(
      String model, @Nullable String provider, Attribution attribution) {
    CallRequest call = CallRequest.to(model).attribution(attribution);
    return provider == null ? call : call.provider(provider);
  }
}
