package io.llmaccounting;

import io.llmaccounting.internal.calls.Recorder;
import io.llmaccounting.internal.ledger.RecordOutcome;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.recording.OldUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import io.llmaccounting.usage.UsageTooOldException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Counts what becomes of many records. Confined to one thread. */
final class Bulk {
  private static final int MOST_NAMED = 1_000;

  private final List<UsageConflictException> conflicts = new ArrayList<>();
  private final List<UsageTooOldException> tooOld = new ArrayList<>();
  private long recorded;
  private long duplicates;
  private long superseded;
  private long conflictCount;
  private long tooOldCount;

  private Bulk() {}

  static BulkReceipt track(Recorder recorder, Iterator<Usage> usages, OldUsage old) {
    Bulk bulk = new Bulk();
    recorder.trackAll(usages, old, bulk::add);
    return new BulkReceipt(
        bulk.recorded,
        bulk.duplicates,
        bulk.superseded,
        bulk.conflicts,
        bulk.conflictCount,
        bulk.tooOld,
        bulk.tooOldCount);
  }

  private void add(RecordOutcome booked) {
    Receipt receipt = booked.receipt();
    if (booked.conflict() != null) {
      conflictCount++;
      if (conflicts.size() < MOST_NAMED) {
        conflicts.add(booked.conflict());
      }
    } else if (booked.tooOld() != null) {
      tooOldCount++;
      if (tooOld.size() < MOST_NAMED) {
        tooOld.add(booked.tooOld());
      }
    } else if (receipt != null && receipt.status() == Receipt.Status.DUPLICATE) {
      duplicates++;
    } else if (receipt != null && receipt.status() == Receipt.Status.SUPERSEDED) {
      superseded++;
    } else {
      recorded++;
    }
  }
}
