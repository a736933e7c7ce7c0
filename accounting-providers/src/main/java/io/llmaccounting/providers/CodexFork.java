package io.llmaccounting.providers;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Tells which lines of a session of Codex are copies. A session that was forked from another, and
 * one of a subagent, begin with all lines of that other, which are written in one burst and dated
 * anew; what they tell was used by the other session. Confined to one thread.
 */
final class CodexFork {
  static final String COPIED = "is copied from the session that this one was forked from";

  /** Copies follow one another within milliseconds; an answer of a model takes longer than this. */
  private static final Duration BURST = Duration.ofSeconds(1);

  private @Nullable Instant last;
  private boolean copying;
  private boolean began;

  /** Notes that a session begins. */
  void begins(boolean forked, @Nullable Instant at) {
    began = true;
    copying = forked;
    last = at;
  }

  /** Whether a line of {@code at} is a copy; asked once for each line in their order. */
  boolean isCopy(@Nullable Instant at) {
    copying &= isSoon(at);
    if (copying) {
      last = at;
    }
    return copying;
  }

  /** The name of another session: right after that of this one it is the first of its copies. */
  boolean isAncestor(@Nullable Instant at) {
    copying |= began && isSoon(at);
    return copying;
  }

  /** A call of this session was counted, so there are no more copies. */
  void counted() {
    copying = false;
    began = false;
  }

  private boolean isSoon(@Nullable Instant at) {
    Instant before = last;
    return before != null && at != null && !at.isAfter(before.plus(BURST));
  }
}
