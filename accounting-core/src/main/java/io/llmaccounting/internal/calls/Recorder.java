package io.llmaccounting.internal.calls;

import io.llmaccounting.internal.lease.LeasedCall;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.internal.ledger.Way;
import io.llmaccounting.internal.quota.TokenEstimates;
import io.llmaccounting.internal.recording.Intake;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Prices records and books them. Safe for use by many threads. */
public final class Recorder {
  private static final Duration FUTURE = Duration.ofMinutes(5);
  private static final int CHUNK = 1_000;

  private final CallSettings settings;
  private final Intake intake;
  private final TokenEstimates estimates;
  private final NameRule names;

  /** Hands records to {@code intake}; {@code names} says whose calls are taken. */
  public Recorder(CallSettings settings, Intake intake, TokenEstimates estimates, NameRule names) {
    this.settings = settings;
    this.intake = intake;
    this.estimates = estimates;
    this.names = names;
  }

  /** Takes one call, and completes its attribution from context and defaults. */
  public CompletableFuture<Receipt> track(Way way, Usage usage, Given given) {
    // prices are the application's: they are asked before anything is waited for
    Usage made = priced(requireNotAhead(usage));
    return names
        .made(way, made)
        .thenCompose(named -> intake.take(way, new PendingRecord(known(named), given, false)));
  }

  /**
   * Takes a call that was let in and priced; the record's id is the hold's. The call is never
   * refused, neither for its time nor because prices failed.
   *
   * @param given which of its times the caller stated
   * @param held whether the ledger may have a hold of it
   */
  CompletableFuture<Receipt> settle(Way way, Usage usage, Given given, boolean held) {
    return intake.take(way, new PendingRecord(known(usage), given, held));
  }

  /** Returns the record with what prices say, or where they fail, what is to be taken instead. */
  Usage priced(Usage usage, Unpriced unpriced) {
    try {
      return priced(usage);
    } catch (Throwable e) {
      unpriced.failed().accept(e);
      return usage.withComputedCost(unpriced.instead());
    }
  }

  private Usage priced(Usage usage) {
    return usage.computedCost() == null ? settings.priced(usage) : usage;
  }

  /** Takes a call that was let in from leases, as the other method takes one with a hold. */
  CompletableFuture<Receipt> settle(Way way, Usage usage, Given given, LeasedCall call) {
    return intake.take(way, PendingRecord.of(call, known(usage), given));
  }

  /** Books calls made elsewhere, a chunk at a time, and hands over what became of each. */
  public void trackAll(Iterator<Usage> calls, OldUsage old, Consumer<RecordOutcome> outcomes) {
    Chunks<PendingRecord> chunks =
        new Chunks<>(CHUNK, one -> one, chunk -> intake.bookNow(chunk, old).forEach(outcomes));
    while (calls.hasNext()) {
      chunks.add(pending(withDefaults(requireNotAhead(calls.next())), Given.ALL));
    }
    chunks.flush();
  }

  /** Returns the call with what its attribution lacks taken from the defaults. */
  public Usage withDefaults(Usage usage) {
    return attributed(usage, settings.defaults());
  }

  /** Returns the call with what its attribution lacks taken from the context, then the defaults. */
  public Usage withContext(Usage usage) {
    return attributed(usage, settings.known());
  }

  private static Usage attributed(Usage usage, Attribution known) {
    Attribution completed = usage.attribution().orElse(known);
    return completed.equals(usage.attribution()) ? usage : usage.withAttribution(completed);
  }

  private Usage requireNotAhead(Usage usage) {
    // nearly all calls are over: one that is not ahead by milliseconds is not checked more exactly
    if (usage.occurredAt().toEpochMilli() < settings.clock().millis() + FUTURE.toMillis()) {
      return usage;
    }
    if (usage.occurredAt().isAfter(settings.now().plus(FUTURE))) {
      throw new IllegalArgumentException(
          "occurredAt must be at most %s ahead of the clock (%s), was %s"
              .formatted(FUTURE, settings.now(), usage.occurredAt()));
    }
    return usage;
  }

  private PendingRecord pending(Usage usage, Given given) {
    return new PendingRecord(known(priced(usage)), given, false);
  }

  // the record gets the cost that counts, and estimates learn from it
  private Usage known(Usage usage) {
    if (usage.tokens() != null && usage.source() == TokenSource.REPORTED) {
      estimates.learn(usage.model(), usage.tokens());
    }
    return usage.reportedCost() == null ? usage : usage.withCostPolicy(settings.reportedCosts());
  }
}
