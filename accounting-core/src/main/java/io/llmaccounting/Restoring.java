package io.llmaccounting;

import io.llmaccounting.backend.Adjustment;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.internal.ledger.AdjustOperation;
import io.llmaccounting.internal.ledger.Booked;
import io.llmaccounting.internal.ledger.Chunks;
import io.llmaccounting.internal.ledger.Combiner;
import io.llmaccounting.internal.ledger.Entry;
import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.ledger.RecordOperation;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.UsageConflictException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes in records of another store, a chunk in one transaction. Confined to one thread. */
final class Restoring {
  private static final int CHUNK = 1_000;
  private static final int MOST_REFUSALS = 1_000;

  private final Combiner combiner;
  private final OldUsage old;
  private final List<RestoreReceipt.Refusal> refused = new ArrayList<>();
  private long added;
  private long unchanged;
  private long corrected;
  private long refusedCount;

  Restoring(Combiner combiner, OldUsage old) {
    this.combiner = combiner;
    this.old = old;
  }

  void run(Iterator<RecordedUsage> records) {
    Chunks<RecordedUsage> chunks = new Chunks<>(CHUNK, Entry::new, this::book);
    records.forEachRemaining(chunks::add);
    chunks.flush();
  }

  private void book(List<RecordedUsage> chunk) {
    List<Booked> outcomes;
    try {
      outcomes =
          combiner.book(new RecordOperation(chunk.stream().map(Entry::new).toList(), old, true));
    } catch (BackendException e) {
      if (e.kind() != BackendException.Kind.REJECTED) {
        throw e;
      }
      isolate(chunk, e);
      return;
    }
    List<Adjustment> corrections = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      count(chunk.get(i), outcomes.get(i), corrections);
    }
    correct(corrections);
  }

  // A store rejects a transaction as a whole: halves find the record that it is about.
  private void isolate(List<RecordedUsage> chunk, BackendException rejection) {
    if (chunk.size() == 1) {
      refuse(chunk.get(0), RestoreReceipt.Reason.STORE, String.valueOf(rejection.getMessage()));
      return;
    }
    int half = chunk.size() / 2;
    book(chunk.subList(0, half));
    book(chunk.subList(half, chunk.size()));
  }

  private void count(RecordedUsage given, Booked outcome, List<Adjustment> corrections) {
    UsageConflictException conflict = outcome.conflict();
    RecordedUsage here = outcome.twin();
    if (conflict != null) {
      refuse(given, RestoreReceipt.Reason.OTHER_CALL, String.valueOf(conflict.getMessage()));
    } else if (outcome.tooOld() != null) {
      refuse(given, RestoreReceipt.Reason.TOO_OLD, String.valueOf(outcome.tooOld().getMessage()));
    } else if (here == null) {
      added++;
    } else if (isSuperseding(outcome)) {
      corrected++;
    } else {
      compare(given, here, corrections);
    }
  }

  private static boolean isSuperseding(Booked outcome) {
    return outcome.receipt() != null && outcome.receipt().status() == Receipt.Status.SUPERSEDED;
  }

  /** A call that both know: what differs can only be what became known of it later. */
  private void compare(RecordedUsage given, RecordedUsage here, List<Adjustment> corrections) {
    boolean sameFigures = Objects.equals(here.figures(), given.figures());
    boolean nothingNew = given.figures() == null || sameFigures;
    if ((given.adjustment() == null && nothingNew)
        || (sameFigures && here.cost().equals(given.cost()))) {
      unchanged++;
    } else if (here.adjustment() == null
        && ((sameFigures && here.cost().equals(given.current().cost()))
            || (here.figures() == null && here.cost().equals(given.usage().cost())))) {
      corrections.add(new Adjustment(here, given.adjustment(), given.figures()));
    } else {
      refuse(
          given,
          RestoreReceipt.Reason.OTHER_CORRECTION,
          "record %s costs %s here and was corrected to %s there; price it again where it is wrong"
              .formatted(
                  given.usage().id(),
                  here.cost().map(Object::toString).orElse("an unknown amount"),
                  given.cost().map(Object::toString).orElse("an unknown amount")
                      + (given.adjustment() == null
                          ? ""
                          : " (" + given.adjustment().pricedBy() + ")")));
    }
  }

  /** Counts what would become of a record beside what is {@code here}. */
  void preview(RecordedUsage given, @Nullable RecordedUsage here) {
    if (here == null) {
      added++;
      return;
    }
    if (Given.ALL.repeats(given.usage(), here.usage())) {
      List<Adjustment> corrections = new ArrayList<>();
      compare(given, here, corrections);
      corrected += corrections.size();
    } else {
      UsageConflictException conflict = new UsageConflictException(here.usage(), given.usage());
      refuse(given, RestoreReceipt.Reason.OTHER_CALL, String.valueOf(conflict.getMessage()));
    }
  }

  private void correct(List<Adjustment> corrections) {
    if (!corrections.isEmpty()) {
      long changed = combiner.book(new AdjustOperation(corrections));
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
