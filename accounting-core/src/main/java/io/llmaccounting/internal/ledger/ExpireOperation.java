package io.llmaccounting.internal.ledger;

import io.llmaccounting.backend.HoldRecord;
import io.llmaccounting.internal.health.Meters;
import io.llmaccounting.internal.quota.LimitIndex;
import io.llmaccounting.internal.quota.Watch;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Books calls whose hold has expired as UNFINISHED, with what their hold expected as an estimate,
 * and removes the holds. The record has the hold's id, so that only one of the processes that see
 * the hold books it, and a late end replaces what was booked. Leases that have expired are only
 * removed: they belong to no call.
 */
public final class ExpireOperation extends Operation<List<RecordedUsage>> {
  private final List<HoldRecord> seen;
  private final Expiry expiry;
  private final Map<UUID, Expired> calls = new HashMap<>();
  private final Map<UUID, RecordedUsage> stamped = new HashMap<>();
  private final Map<UUID, RecordedUsage> sent = new HashMap<>();
  private final List<RecordedUsage> bookedBefore = new ArrayList<>();
  private int gone;

  private record Expired(Usage usage, List<Watch> watches) {}

  /** Books those of {@code seen} that are still there. */
  public ExpireOperation(List<HoldRecord> seen, Expiry expiry) {
    this.seen = List.copyOf(seen);
    this.expiry = expiry;
  }

  @Override
  void claims(Consumer<Object> claim) {
    Set<Object> names = new HashSet<>();
    for (HoldRecord hold : seen) {
      names.add(hold.id());
      PendingRecord.claimKey(hold.attribution().project(), hold.asked().key(), names::add);
    }
    names.forEach(claim);
  }

  @Override
  void match(LimitIndex limits) {
    calls.clear();
    for (HoldRecord hold : seen) {
      if (hold.lease() != null) {
        continue;
      }
      calls.put(
          hold.id(),
          new Expired(
              UnfinishedUsage.of(hold, limits, expiry.pricing()),
              limits.watching(hold.model(), hold.provider(), hold.attribution())));
    }
  }

  @Override
  void need(Needs needs) {
    for (HoldRecord hold : seen) {
      needs.takenHold(hold.id());
      if (hold.lease() != null) {
        continue;
      }
      needs.counters(call(hold).watches());
      // the record is there only if an earlier attempt was committed without our knowing
      if (wasAttempted()) {
        needs.readRecord(hold.id());
      }
    }
  }

  private Expired call(HoldRecord hold) {
    Expired call = calls.get(hold.id());
    if (call == null) {
      throw new IllegalStateException("booked before it was matched");
    }
    return call;
  }

  @Override
  void stamp(LedgerTransaction transaction) {
    stamped.clear();
    Set<Object> claimed = new HashSet<>();
    for (HoldRecord hold : seen) {
      HoldRecord current = transaction.hold(hold.id());
      if (current == null || current.lease() != null || isLive(current, transaction)) {
        continue;
      }
      boolean[] free = {true};
      Usage usage = call(hold).usage();
      PendingRecord.claimKey(
          usage.attribution().project(), usage.key(), name -> free[0] = claimed.add(name));
      // another attempt at the same logical call is not booked as a call of its own
      if (free[0]) {
        RecordedUsage record =
            new RecordedUsage(usage, current.admittedAt(), transaction.now(), true, null);
        stamped.put(hold.id(), record);
        transaction.storeEvenIfOld(record);
      }
    }
  }

  private static boolean isLive(HoldRecord hold, LedgerTransaction transaction) {
    return transaction.now().isBefore(hold.expiresAt());
  }

  @Override
  List<RecordedUsage> decide(LedgerTransaction transaction) {
    List<RecordedUsage> booked = new ArrayList<>();
    gone = 0;
    bookedBefore.clear();
    for (HoldRecord hold : seen) {
      HoldRecord current = transaction.hold(hold.id());
      if (current == null) {
        knowIfBookedBefore(transaction.found(hold.id()));
        continue;
      }
      if (isLive(current, transaction)) {
        keep(current, transaction);
        continue;
      }
      transaction.giveBack(current);
      if (current.lease() != null) {
        continue;
      }
      gone++;
      RecordedUsage record = stamped.get(hold.id());
      if (record != null && transaction.isFresh(hold.id())) {
        transaction.charge(call(hold).watches(), record);
        sent.put(hold.id(), record);
        booked.add(record);
      }
    }
    return booked;
  }

  private static void keep(HoldRecord current, LedgerTransaction transaction) {
    if (current.lease() == null) {
      transaction.write(current);
    } else {
      transaction.leases().keep(current);
    }
  }

  private void knowIfBookedBefore(@Nullable RecordedUsage found) {
    if (found != null && Unsure.isSame(sent.get(found.usage().id()), found)) {
      bookedBefore.add(found);
    }
  }

  @Override
  void count(List<RecordedUsage> booked, Meters meters) {
    meters.count(Meters.Count.EXPIRED, gone + bookedBefore.size());
    List<Usage> calls = new ArrayList<>(booked.size());
    bookedBefore.forEach(record -> calls.add(record.usage()));
    for (RecordedUsage record : booked) {
      PendingRecord.countStored(record, meters);
      calls.add(record.usage());
    }
    if (!calls.isEmpty()) {
      expiry.told().accept(calls);
    }
  }

  @Override
  int weight() {
    return seen.size();
  }
}
