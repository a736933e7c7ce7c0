package io.llmaccounting.internal.calls;

import io.llmaccounting.OldUsage;
import io.llmaccounting.internal.cache.KnownNames;
import io.llmaccounting.internal.ledger.Booked;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.Entry;
import io.llmaccounting.internal.ledger.SettleOperation;
import io.llmaccounting.internal.ledger.TrackOperation;
import io.llmaccounting.internal.quota.TokenEstimates;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Prices records and books them. Safe for use by many threads. */
public final class Recorder {
  private static final Duration FUTURE = Duration.ofMinutes(5);
  private static final int CHUNK = 1_000;

  private final CallSettings settings;
  private final Combiner combiner;
  private final TokenEstimates estimates;
  private final @Nullable KnownNames names;

  /** Books through {@code combiner}; {@code names} is null where names are not enforced. */
  public Recorder(
      CallSettings settings,
      Combiner combiner,
      TokenEstimates estimates,
      @Nullable KnownNames names) {
    this.settings = settings;
    this.combiner = combiner;
    this.estimates = estimates;
    this.names = names;
  }

  /** Books one call. */
  public Receipt track(Usage usage, boolean timeIsGiven) {
    if (names != null) {
      names.require(usage.attribution());
    }
    Entry entry = entry(requireNotAhead(usage), timeIsGiven);
    return combiner.book(new TrackOperation(List.of(entry), OldUsage.REFUSE)).get(0).orThrow();
  }

  /** Books a call that was held; the record's id is the hold's. Never refused, not for its time. */
  public Booked settle(Usage usage) {
    return combiner.book(new SettleOperation(entry(usage, false)));
  }

  /** Books calls made elsewhere, a chunk at a time, and hands over what became of each. */
  public void trackAll(Iterator<Usage> calls, OldUsage old, Consumer<Booked> outcomes) {
    List<Entry> chunk = new ArrayList<>();
    Set<Object> claimed = new HashSet<>();
    while (calls.hasNext()) {
      Entry next = entry(withDefaults(requireNotAhead(calls.next())), true);
      boolean[] free = {true};
      next.claims(name -> free[0] &= claimed.add(name));
      if (!free[0] || chunk.size() == CHUNK) {
        book(chunk, old, outcomes);
        chunk.clear();
        claimed.clear();
        next.claims(claimed::add);
      }
      chunk.add(next);
    }
    book(chunk, old, outcomes);
  }

  /** The same call with what its attribution lacks taken from the defaults. */
  public Usage withDefaults(Usage usage) {
    return usage.withAttribution(usage.attribution().orElse(settings.defaults()));
  }

  private void book(List<Entry> chunk, OldUsage old, Consumer<Booked> outcomes) {
    if (!chunk.isEmpty()) {
      combiner.book(new TrackOperation(chunk, old)).forEach(outcomes);
    }
  }

  private Usage requireNotAhead(Usage usage) {
    if (usage.occurredAt().isAfter(settings.now().plus(FUTURE))) {
      throw new IllegalArgumentException(
          "occurredAt must be at most %s ahead of the clock (%s), was %s"
              .formatted(FUTURE, settings.now(), usage.occurredAt()));
    }
    return usage;
  }

  private Entry entry(Usage usage, boolean timeIsGiven) {
    if (usage.tokens() != null && usage.source() == TokenSource.REPORTED) {
      estimates.learn(usage.model(), usage.tokens());
    }
    PricedCost priced = usage.computedCost();
    if (priced == null) {
      priced = PricedCall.of(usage).flatMap(settings.pricing()::price).orElse(null);
    }
    return new Entry(usage.withComputedCost(priced), timeIsGiven);
  }
}
