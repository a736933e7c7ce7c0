package io.llmaccounting.cli.calls;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.TrackedCall;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageFields;
import io.llmaccounting.usage.UsageId;
import java.security.SecureRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A call that was read from somewhere.
 *
 * @param identity which call it is
 * @param fields writes the rest of it
 */
record ReadCall(CallIdentity identity, Consumer<UsageFields<?>> fields) {
  private static final RandomGenerator RANDOM = new SecureRandom();

  boolean timeIsGiven() {
    return identity.at() != null || identity.id() != null;
  }

  Receipt track(LlmAccounting accounting) {
    TrackedCall call = accounting.track();
    fields.accept(call);
    return call.record();
  }

  /** As a record; only where the time is given. */
  Usage usage(LlmAccounting accounting) {
    UsageBuilder call =
        new UsageBuilder(
            UsageId.timeOf(accounting.newId()), instant -> UsageId.create(instant, RANDOM));
    fields.accept(call);
    return call.build();
  }
}
