package io.llmaccounting.client.internal.recording;

import io.llmaccounting.client.internal.spool.SpooledRecord;
import io.llmaccounting.client.internal.wire.Question;
import io.llmaccounting.json.UsageLine;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A record on its way to the server. What became of it is told once. */
final class Pending {
  final Usage usage;
  final byte[] json;
  final boolean settles;
  final long since;
  final @Nullable Replay from;

  /** What whoever waits is told. */
  final CompletableFuture<Receipt> told = new CompletableFuture<>();

  private int tries;

  private Pending(Usage usage, byte[] json, boolean settles, long since, @Nullable Replay from) {
    this.usage = usage;
    this.json = json;
    this.settles = settles;
    this.since = since;
    this.from = from;
  }

  /** A record that was made just now. */
  static Pending of(Usage usage, boolean settles, long now) {
    return new Pending(
        usage, Question.written(to -> UsageLine.writeNew(to, usage)), settles, now, null);
  }

  /** A record that waited on the disk. */
  static Pending of(Usage usage, SpooledRecord spooled, long now, Replay from) {
    return new Pending(usage, spooled.json(), spooled.settles(), now, from);
  }

  /** The same as a record without a hold, because the server knows none. */
  Pending withoutHold() {
    Pending plain = new Pending(usage, json, false, since, from);
    boolean unused =
        plain
            .told
            .whenComplete(
                (receipt, failure) -> {
                  if (failure == null) {
                    told.complete(receipt);
                  } else {
                    told.completeExceptionally(failure);
                  }
                })
            .isDone();
    return plain;
  }

  /** True if it was tried so often that it is given up; for refusals that may be passing only. */
  boolean triedEnough(int most) {
    return ++tries >= most;
  }

  SpooledRecord spooled() {
    return new SpooledRecord(json, settles);
  }

  /** The receipt of a record that is kept here. */
  Receipt kept(Receipt.Status status) {
    return new Receipt(usage.id(), usage.cost().orElse(null), status, List.of());
  }
}
