package io.llmaccounting.admin;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageStore;
import io.llmaccounting.internal.admin.UsageHistories;
import io.llmaccounting.internal.ledger.AdjustOperation;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.GroupCommit;
import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageAdjustment;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageHistory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Takes in records of another store, a chunk in one transaction. Confined to one thread. */
final class Restoring {
  private static final int CHUNK = 1_000;
  private static final int MOST_REFUSALS = 1_000;

  private final GroupCommit commits;
  private final UsageStore store;
  private final OldUsage old;
  private final List<RestoreReceipt.Refusal> refused = new ArrayList<>();
  private long added;
  private long unchanged;
  private long corrected;
  private long refusedCount;

  Restoring(GroupCommit commits, UsageStore store, OldUsage old) {
    this.commits = commits;
    this.store = store;
    this.old = old;
  }

  void run(Iterator<UsageHistory> records) {
    Chunks<UsageHistory> chunks = new Chunks<>(CHUNK, PendingRecord::new, this::book);
    records.forEachRemaining(chunks::add);
    chunks.flush();
  }

  private void book(List<UsageHistory> chunk) {
    List<RecordOutcome> outcomes;
    try {
      outcomes =
          commits.book(
              new RecordOperation(chunk.stream().map(PendingRecord::new).toList(), old, true));
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      isolate(chunk, e);
      return;
    }
    List<UsageHistory> twins = new ArrayList<>();
    List<RecordedUsage> here = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      RecordedUsage twin = count(chunk.get(i).record(), outcomes.get(i));
      if (twin != null) {
        twins.add(chunk.get(i));
        here.add(twin);
      }
    }
    List<Adjustment> corrections = new ArrayList<>();
    List<UsageHistory> known = UsageHistories.of(here, store);
    for (int i = 0; i < twins.size(); i++) {
      compare(twins.get(i), known.get(i), corrections);
    }
    correct(corrections);
  }

  // A store rejects a transaction as a whole: splitting it in halves finds the record that is at
  // fault.
  private void isolate(List<UsageHistory> chunk, BackendException rejection) {
    if (chunk.size() == 1) {
      refuse(
          chunk.get(0).record(),
          RestoreReceipt.Reason.STORE,
          String.valueOf(rejection.getMessage()));
      return;
    }
    int half = chunk.size() / 2;
    book(chunk.subList(0, half));
    book(chunk.subList(half, chunk.size()));
  }

  /** Counts what became of a record; what is here is handed back where it is to be compared. */
  private @Nullable RecordedUsage count(RecordedUsage given, RecordOutcome outcome) {
    UsageConflictException conflict = outcome.conflict();
    if (conflict != null) {
      refuse(given, RestoreReceipt.Reason.OTHER_CALL, String.valueOf(conflict.getMessage()));
    } else if (outcome.tooOld() != null) {
      refuse(given, RestoreReceipt.Reason.TOO_OLD, String.valueOf(outcome.tooOld().getMessage()));
    } else if (outcome.twin() == null) {
      added++;
    } else if (isSuperseding(outcome)) {
      corrected++;
    } else {
      return outcome.twin();
    }
    return null;
  }

  private static boolean isSuperseding(RecordOutcome outcome) {
    return outcome.receipt() != null && outcome.receipt().status() == Receipt.Status.SUPERSEDED;
  }

  /** A call that both know: what differs can only be what became known of it later. */
  private void compare(UsageHistory there, UsageHistory here, List<Adjustment> corrections) {
    RecordedUsage given = there.record();
    RecordedUsage known = here.record();
    boolean sameCall = known.usage().cost().equals(given.usage().cost());
    if (there.adjustments().isEmpty() || (sameCall && begins(here, there))) {
      unchanged++;
    } else if (sameCall && begins(there, here)) {
      int both = here.adjustments().size();
      List<UsageAdjustment> all = there.adjustments();
      corrections.add(Adjustment.ofKnown(known, all.subList(both, all.size())));
    } else if (same(known, given)) {
      unchanged++;
    } else if (known.adjustment() == null
        && Objects.equals(known.figures(), given.figures())
        && known.cost().equals(given.current().cost())) {
      corrections.add(new Adjustment(known, given.adjustment(), given.figures()));
    } else {
      refuse(given, RestoreReceipt.Reason.OTHER_CORRECTION, otherCorrection(given, known));
    }
  }

  // the same may have become known here and there at different times
  private static boolean begins(UsageHistory longer, UsageHistory shorter) {
    int both = shorter.adjustments().size();
    return both <= longer.adjustments().size()
        && IntStream.range(0, both)
            .allMatch(
                i ->
                    same(
                        longer.record().adjusted(longer.adjustments().get(i)),
                        shorter.record().adjusted(shorter.adjustments().get(i))));
  }

  private static boolean same(RecordedUsage one, RecordedUsage other) {
    return Objects.equals(one.figures(), other.figures()) && one.cost().equals(other.cost());
  }

  private static String otherCorrection(RecordedUsage given, RecordedUsage here) {
    PricedCost corrected = given.adjustment();
    return "record %s costs %s here and was corrected to %s there; price it again where it is wrong"
        .formatted(
            given.usage().id(),
            here.cost().map(Object::toString).orElse("an unknown amount"),
            given.cost().map(Object::toString).orElse("an unknown amount")
                + (corrected == null ? "" : " (" + corrected.pricedBy() + ")"));
  }

  /** Counts what would become of a record beside what is {@code here}. */
  void preview(UsageHistory there, @Nullable RecordedUsage here) {
    if (here == null) {
      added++;
      return;
    }
    Usage given = there.record().usage();
    if (Given.ALL.repeats(given, here.usage())) {
      List<Adjustment> corrections = new ArrayList<>();
      compare(there, UsageHistories.of(List.of(here), store).get(0), corrections);
      corrected += corrections.size();
    } else {
      UsageConflictException conflict = new UsageConflictException(here.usage(), given);
      refuse(
          there.record(), RestoreReceipt.Reason.OTHER_CALL, String.valueOf(conflict.getMessage()));
    }
  }

  private void correct(List<Adjustment> corrections) {
    if (!corrections.isEmpty()) {
      long changed = commits.book(new AdjustOperation(corrections));
      corrected += changed;
      unchanged += corrections.size() - changed;
    }
  }

  private void refuse(RecordedUsage given, RestoreReceipt.Reason reason, String message) {
    refusedCount++;
    if (refused.size() < MOST_REFUSALS) {
      refused.add(new RestoreReceipt.Refusal(given.usage().id(), reason, message));
    }
  }

  boolean hasChangedAnything() {
    return added + corrected > 0;
  }

  RestoreReceipt receipt() {
    return new RestoreReceipt(added, unchanged, corrected, refused, refusedCount);
  }
}
