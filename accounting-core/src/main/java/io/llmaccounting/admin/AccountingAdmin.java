package io.llmaccounting.admin;

import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.DenialCount;
import io.llmaccounting.limit.OpenHold;
import io.llmaccounting.usage.Timespan;
import java.util.List;

/**
 * What operators do with an accounting. Safe for use by many threads.
 *
 * <p>Every method throws {@link io.llmaccounting.backend.BackendException} if the store cannot be
 * reached.
 */
public final class AccountingAdmin {
  private final UsageBackend backend;
  private final CallSettings settings;

  /** For the library; users have {@link io.llmaccounting.LlmAccounting#admin}. */
  public AccountingAdmin(UsageBackend backend, CallSettings settings) {
    this.backend = backend;
    this.settings = settings;
  }

  /**
   * Calls that were neither settled nor released, those of dead processes included, oldest first.
   */
  public List<OpenHold> openHolds() {
    return backend.ledger().holds().stream()
        .map(
            hold ->
                new OpenHold(
                    hold.id(),
                    hold.model(),
                    hold.provider(),
                    hold.attribution(),
                    hold.admittedAt(),
                    hold.expiresAt()))
        .toList();
  }

  /** Refused reserves whose minute lies in {@code span}, newest first. */
  public List<DenialCount> denials(Timespan span) {
    return backend.ledger().denials(span.at(settings.now()));
  }
}
