package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.OpenLimit;
import io.llmaccounting.backend.SpooledCall;
import io.llmaccounting.health.Health;
import io.llmaccounting.internal.ledger.Begun;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.usage.Saturated;
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

  private final SpoolWriter writer;
  private final Replayer replayer;
  private final OpenUsage open;
  private final SpoolGauge gauge;
  private final InstantSource clock;

  /** Writes records by {@code writer}, and has {@code replayer} bring them back. */
  public Spooling(
      SpoolWriter writer,
      Replayer replayer,
      OpenUsage open,
      SpoolGauge gauge,
      InstantSource clock) {
    this.writer = writer;
    this.replayer = replayer;
    this.open = open;
    this.gauge = gauge;
    this.clock = clock;
  }

  @Override
  public boolean keeps() {
    return true;
  }

  @Override
  public void spool(List<PendingRecord> records, boolean inOutage) {
    Kept kept = kept(records, inOutage);
    writer.append(kept.calls(), kept.sums());
    spooled(kept);
  }

  @Override
  public Begun<Boolean> begin(List<PendingRecord> records, boolean inOutage) {
    Kept kept = kept(records, inOutage);
    Begun<Boolean> begun = writer.begin(kept.calls(), kept.sums());
    return new Begun<>(
        begun
            .outcome()
            .thenApply(
                written -> {
                  spooled(kept);
                  return written;
                }),
        begun.patience(),
        begun.giveUp());
  }

  /**
   * What is written of some records.
   *
   * @param added what each adds to open amounts, where it adds any
   * @param sums all of that
   */
  private record Kept(
      List<SpooledCall> calls, Map<UUID, Map<OpenLimit, Long>> added, Map<OpenLimit, Long> sums) {}

  private Kept kept(List<PendingRecord> records, boolean inOutage) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<SpooledCall> calls = new ArrayList<>(records.size());
    Map<UUID, Map<OpenLimit, Long>> added = new HashMap<>();
    Map<OpenLimit, Long> sums = new HashMap<>();
    for (PendingRecord pending : records) {
      calls.add(pending.spooled(now));
      Map<OpenLimit, Long> more = open.addedBy(pending, inOutage);
      if (!more.isEmpty()) {
        added.put(pending.usage().id(), more);
        more.forEach((limit, amount) -> sums.merge(limit, amount, Saturated::sum));
      }
    }
    return new Kept(calls, added, sums);
  }

  private void spooled(Kept kept) {
    for (SpooledCall call : kept.calls()) {
      UUID id = call.usage().id();
      open.spending().ended(id, kept.added().getOrDefault(id, Map.of()));
    }
    replayer.wake();
  }

  @Override
  public OpenRoom openRoom() {
    return open.spending();
  }

  @Override
  public void booked(List<PendingRecord> records) {
    open.booked(records);
  }

  @Override
  public Health.Spool fill() {
    return gauge.fill();
  }

  @Override
  public void start() {
    replayer.start();
  }

  @Override
  public void wake() {
    replayer.wake();
  }

  @Override
  public void stopReplay(Duration deadline) {
    replayer.close(deadline);
  }

  @Override
  public void close(Duration deadline) {
    if (!writer.close(deadline)) {
      LOG.error(
          "the spool's disk does not answer; the spool is closed once it does, what it has not"
              + " acknowledged may be missing from it");
    }
  }
}
