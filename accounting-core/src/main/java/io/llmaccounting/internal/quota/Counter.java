package io.llmaccounting.internal.quota;

import io.llmaccounting.backend.CounterState;
import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.Window;
import io.llmaccounting.usage.Saturated;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * What one counter of a limit knows: what was used and what is held, each with the instant at which
 * it leaves the window. Pure: no clock of its own. Confined to one thread.
 */
public final class Counter {
  // A clock that is set back by no more than this still finds the usage that counted then. A day
  // covers a wrong zone or date, and machines that are resumed or restored.
  private static final long REST = 86_400_000_000L;

  private final Limit limit;
  private final WindowExit exit;
  private long asOf;
  private final Cells used;
  private final Cells held;
  private final AlertMarks marks;
  private final CounterLeases leases = new CounterLeases();

  Counter(Limit limit, long asOf, Cells used, Cells held, AlertMarks marks) {
    this.limit = limit;
    this.exit = new WindowExit(limit);
    this.asOf = asOf;
    this.used = used;
    this.held = held;
    this.marks = marks;
  }

  /** The counter of {@code limit} as it was stored. */
  public static Counter of(Limit limit, CounterState state) {
    return CounterEncoding.decode(limit, state);
  }

  /** The counter's state, to be stored. */
  public CounterState toState() {
    return new CounterState(
        asOf, CounterEncoding.encode(asOf, used, held, marks, leases), idleFrom());
  }

  // the instant from which on an empty counter in its place would answer the same
  private long idleFrom() {
    long last = Math.max(asOf, Math.max(used.lastLeaves(), held.lastLeaves()));
    for (AlertMarks.Mark mark : marks.fired().values()) {
      last = Math.max(last, mark.rearms());
    }
    boolean stays = limit.window() instanceof Window.Lifetime;
    return stays || last > CounterState.NEVER - REST ? CounterState.NEVER : last + REST;
  }

  /** The limit that it counts for. */
  public Limit limit() {
    return limit;
  }

  /** The latest instant that it has seen. */
  public long asOf() {
    return asOf;
  }

  /** Moves to {@code now}, never backwards, and drops what no longer counts. */
  public void advance(long now) {
    asOf = Math.max(asOf, now);
    used.advance(asOf);
    held.advance(asOf);
    leases.advance(asOf);
  }

  /** How late usage may leave at the moment: 0 where each leaves at its own instant. */
  public long grain() {
    return used.isMerged() ? exit.grain() : 0;
  }

  /** True if holds that have expired may still be counted as held. */
  boolean mayHoldExpired() {
    return held.isMerged();
  }

  /** The amount used in the window; {@link Long#MAX_VALUE} stands for that much or more. */
  public long used() {
    return used.sum();
  }

  /** The amount that live holds keep. */
  public long held() {
    return held.sum();
  }

  /** True if {@code amount} more stays within the maximum; a maximum of 0 has room for nothing. */
  public boolean fits(long amount) {
    long left = Math.max(-1, limit.maximum() - used());
    return limit.maximum() > 0 && held() <= left && amount <= left - held();
  }

  /**
   * The first instant at which {@code amount} fits if nothing else happens; {@link
   * WindowExit#NEVER} if there is none.
   */
  public long fitsAt(long amount) {
    long maximum = limit.maximum();
    if (maximum == 0 || amount > maximum) {
      return WindowExit.NEVER;
    }
    long room = maximum - amount;
    if (used() <= room && held() <= room - used()) {
      return asOf;
    }
    Departure[] departures = departures();
    long stays = 0;
    for (int i = departures.length - 1; i >= 0; i--) {
      stays = Saturated.sum(stays, departures[i].amount);
      if (stays > room) {
        return departures[i].at;
      }
    }
    return WindowExit.NEVER;
  }

  private Departure[] departures() {
    Departure[] all = new Departure[used.size() + held.size()];
    for (int i = 0; i < used.size(); i++) {
      all[i] = new Departure(used.leaves(i), used.amount(i));
    }
    for (int i = 0; i < held.size(); i++) {
      all[used.size() + i] = new Departure(held.leaves(i), held.amount(i));
    }
    Arrays.sort(all);
    return all;
  }

  private record Departure(long at, long amount) implements Comparable<Departure> {
    @Override
    public int compareTo(Departure other) {
      return Long.compare(at, other.at);
    }
  }

  /** Books {@code amount} charged at {@code charged}, unless that has left the window already. */
  public void charge(long charged, long amount) {
    long leave = exit.of(charged);
    if (amount > 0 && leave > asOf) {
      used.add(leave, amount, exit.crowding());
    }
  }

  /** Takes back {@code amount} charged at {@code charged}, as far as it still counts. */
  public void credit(long charged, long amount) {
    long leave = exit.of(charged);
    if (amount > 0 && leave > asOf) {
      used.subtract(leave, amount);
    }
  }

  /** Holds {@code amount} that leaves the window at {@code leave} unless it expires before. */
  public void hold(long leave, long expiry, long amount) {
    if (amount > 0 && Math.min(leave, expiry) > asOf) {
      held.add(Math.min(leave, expiry), amount, Crowding.HELD);
    }
  }

  /** Gives back what {@link #hold} took, unless it has stopped counting already. */
  public void release(long leave, long expiry, long amount) {
    if (amount > 0 && Math.min(leave, expiry) > asOf) {
      held.subtract(Math.min(leave, expiry), amount);
    }
  }

  /** Holds what a lease keeps, as {@link #hold} does. */
  public void lease(UUID lease, long leave, long expiry, long amount) {
    hold(leave, expiry, amount);
    if (Math.min(leave, expiry) > asOf) {
      leases.put(lease, Math.min(leave, expiry), amount);
    }
  }

  /** Gives back what {@link #lease} took. */
  public void unlease(UUID lease, long leave, long expiry, long amount) {
    release(leave, expiry, amount);
    leases.remove(lease);
  }

  CounterLeases leases() {
    return leases;
  }

  /** How many leases are live. */
  public int leaseCount() {
    return leases.live().size();
  }

  /** The amount that live leases keep, all of which is held. */
  public long leased() {
    return leases.sum();
  }

  /** When the last live lease ends unless it is renewed; 0 where there is none. */
  public long leasedUntil() {
    return leases.lastEnds();
  }

  /** When somebody last found no room though there were leases of others; 0 if never. */
  public long wish() {
    return leases.wish();
  }

  /** Notes that somebody finds no room and wishes that leases be given back. */
  public void wish(long at) {
    leases.wish(at);
  }

  /**
   * Copies this as it stands if what one hold keeps here counts until it leaves the window, however
   * soon the hold expires: a call that goes on renews it.
   *
   * @param kept what the hold keeps
   * @param expiry when the hold, or the lease that it is a part of, expires unless it is renewed
   */
  public Counter staying(HoldRecord.Amount kept, Instant expiry) {
    Counter copy = of(limit, toState());
    copy.advance(asOf);
    copy.release(kept.leaves(), WindowExit.toMicros(expiry), kept.amount());
    copy.hold(kept.leaves(), WindowExit.NEVER, kept.amount());
    return copy;
  }

  /** When something charged at {@code charged} leaves this counter's window. */
  public long leaves(long charged) {
    return exit.of(charged);
  }

  /** The thresholds that the use fires now, having been {@code before}; each crossing once. */
  public List<Integer> alertsSince(long before) {
    return limit.alertPercents().isEmpty()
        ? List.of()
        : marks.crossed(limit, before, used(), asOf, exit.rearms(asOf));
  }

  /** Books the amounts of purged records that {@code base} has kept, as far as they still count. */
  void adopt(Counter base) {
    used.addAll(base.used, asOf, exit.crowding());
  }

  /** The part of the use that leaves after {@code instant}. */
  long usedAfter(long instant) {
    long after = 0;
    for (int i = 0; i < used.size(); i++) {
      after = Saturated.sum(after, used.leaves(i) > instant ? used.amount(i) : 0);
    }
    return after;
  }

  /** Takes over from another counter which thresholds have fired. */
  void adoptAlerts(Counter other) {
    other
        .marks
        .fired()
        .forEach((percent, mark) -> marks.put(percent, mark.rearms(), mark.amount()));
  }
}
