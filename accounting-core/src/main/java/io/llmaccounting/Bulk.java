package io.llmaccounting;

import io.llmaccounting.internal.calls.Recorder;
import io.llmaccounting.internal.ledger.Booked;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageConflictException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Counts what becomes of many records. Confined to one thread. */
final class Bulk {
  private static final int MOST_CONFLICTS = 1_000;

  private final List<UsageConflictException> conflicts = new ArrayList<>();
  private long recorded;
  private long duplicates;
  private long conflictCount;

  private Bulk() {}

  static BulkReceipt track(Recorder recorder, Iterator<Usage> usages) {
    Bulk bulk = new Bulk();
    recorder.trackAll(usages, bulk::add);
    return new BulkReceipt(bulk.recorded, bulk.duplicates, bulk.conflicts, bulk.conflictCount);
  }

  private void add(Booked booked) {
    Receipt receipt = booked.receipt();
    if (receipt == null) {
      conflictCount++;
      if (booked.conflict() != null && conflicts.size() < MOST_CONFLICTS) {
        conflicts.add(booked.conflict());
      }
    } else if (receipt.status() == Receipt.Status.DUPLICATE) {
      duplicates++;
    } else {
      recorded++;
    }
  }
}
