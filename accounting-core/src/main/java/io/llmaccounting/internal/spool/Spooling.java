package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.health.Health;
import io.llmaccounting.internal.cache.CurrentLimits;
import io.llmaccounting.internal.health.Failures;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.quota.Charges;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.usage.Saturated;
import io.llmaccounting.usage.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts records into the spool and sees to it that they come back. Safe for use by many threads. */
public final class Spooling implements Overflow {
  private static final Logger LOG = LoggerFactory.getLogger(Spooling.class);

  private final Parts parts;
  private volatile SpoolState lastState = new SpoolState(0, 0, 0, 0, null, List.of());

  /** What a spooling works with. */
  public record Parts(
      Spool spool,
      SpoolWriter writer,
      Replayer replayer,
      OpenSpending spending,
      CurrentLimits limits,
      InstantSource clock,
      Failures failures) {}

  /** Spools with these parts. */
  public Spooling(Parts parts) {
    this.parts = parts;
  }

  @Override
  public boolean keeps() {
    return true;
  }

  @Override
  public void spool(List<PendingRecord> records, boolean inOutage) {
    Instant now = parts.clock().instant().truncatedTo(ChronoUnit.MICROS);
    List<SpooledCall> calls = new ArrayList<>(records.size());
    Map<UUID, Map<OpenLimit, Long>> added = new HashMap<>();
    Map<OpenLimit, Long> sums = new HashMap<>();
    for (PendingRecord pending : records) {
      calls.add(pending.spooled(now));
      Map<OpenLimit, Long> more = added(pending, inOutage);
      if (!more.isEmpty()) {
        added.put(pending.usage().id(), more);
        more.forEach((limit, amount) -> sums.merge(limit, amount, Saturated::sum));
      }
    }
    parts.writer().append(calls, sums);
    for (PendingRecord pending : records) {
      UUID id = pending.usage().id();
      parts.spending().ended(id, added.getOrDefault(id, Map.of()));
    }
    parts.replayer().wake();
  }

  // a call with a hold from before the outage is counted by that hold
  private Map<OpenLimit, Long> added(PendingRecord pending, boolean inOutage) {
    Usage usage = pending.usage();
    boolean running = parts.spending().isRunning(usage.id());
    LimitIndex limits = parts.limits().known();
    if (limits == null || !(running || (inOutage && !pending.settlesHold()))) {
      return Map.of();
    }
    List<OpenSpending.Part> consumed = new ArrayList<>();
    for (Watch watch : limits.watching(usage.model(), usage.provider(), usage.attribution())) {
      if (watch.limit().outage().isOpen() && watch.limit().action() == LimitAction.DENY) {
        consumed.add(
            new OpenSpending.Part(watch.limit(), Charges.of(watch.limit(), usage, usage.cost())));
      }
    }
    return parts.spending().addedBy(usage.id(), consumed);
  }

  @Override
  public OpenRoom openRoom() {
    return parts.spending();
  }

  @Override
  public void booked(List<PendingRecord> records) {
    if (parts.spending().isAnythingRunning()) {
      records.forEach(pending -> parts.spending().ended(pending.usage().id()));
    }
  }

  @Override
  public Health.Spool fill() {
    SpoolState state = state();
    // calls that are booked already do not count as waiting: they only need a disk that lets them
    // be removed
    long waiting = Math.max(0, state.waiting() - parts.replayer().unremoved());
    Instant oldest = waiting == 0 ? null : state.oldest();
    return new Health.Spool(
        waiting,
        state.bytes(),
        state.maxBytes(),
        state.deadLetters(),
        oldest == null ? null : age(oldest));
  }

  private SpoolState state() {
    SpoolState atEnd = parts.writer().atEnd();
    if (atEnd != null) {
      return atEnd;
    }
    try {
      lastState = parts.spool().state();
      parts.failures().worked(Failures.Consequence.SPOOL_NOT_SEEN);
    } catch (RuntimeException e) {
      parts.failures().containUnlessKnown(Failures.Consequence.SPOOL_NOT_SEEN, e);
    }
    return lastState;
  }

  private Duration age(Instant oldest) {
    Duration age = Duration.between(oldest, parts.clock().instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  @Override
  public void start() {
    parts.replayer().start();
  }

  @Override
  public void wake() {
    parts.replayer().wake();
  }

  @Override
  public void stopReplay(Duration deadline) {
    parts.replayer().close(deadline);
  }

  @Override
  public void close(Duration deadline) {
    if (!parts.writer().close(deadline)) {
      LOG.error(
          "the spool's disk does not answer; the spool is closed once it does, what it has not"
              + " acknowledged may be missing from it");
    }
  }
}
