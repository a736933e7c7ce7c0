package io.llmaccounting.client.internal.recording;

import io.llmaccounting.client.internal.spool.Segment.Slice;
import org.jspecify.annotations.Nullable;

/** Records of the spool that are under way to the server; guarded by the lock of the buffer. */
final class Replay {
  private @Nullable Slice slice;
  private int open;

  boolean isUnderWay() {
    return slice != null;
  }

  void begin(Slice next) {
    slice = next;
    open = next.records().size();
  }

  /** One of them is the server's, or was refused; returns the slice once all are. */
  @Nullable Slice settled() {
    if (--open > 0) {
      return null;
    }
    Slice done = slice;
    slice = null;
    return done;
  }
}
