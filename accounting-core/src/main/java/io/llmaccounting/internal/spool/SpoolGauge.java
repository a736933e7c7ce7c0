package io.llmaccounting.internal.spool;

import io.llmaccounting.backend.Spool;
import io.llmaccounting.backend.SpoolState;
import io.llmaccounting.health.Health;
import io.llmaccounting.internal.health.Failures;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how full the spool is. Safe for use by many threads. */
public final class SpoolGauge {
  private final Spool spool;
  private final SpoolWriter writer;
  private final ReplayedCalls replayed;
  private final InstantSource clock;
  private final Failures failures;
  private volatile SpoolState last = new SpoolState(0, 0, 0, 0, null, List.of());

  /** Reads {@code spool} until {@code writer} has closed it. */
  public SpoolGauge(
      Spool spool,
      SpoolWriter writer,
      ReplayedCalls replayed,
      InstantSource clock,
      Failures failures) {
    this.spool = spool;
    this.writer = writer;
    this.replayed = replayed;
    this.clock = clock;
    this.failures = failures;
  }

  /** Says how full the spool is, or was when it last could tell. */
  Health.Spool fill() {
    SpoolState told = told();
    SpoolState state = told == null ? last : told;
    // calls that are booked already do not count as waiting: they only need a disk that lets them
    // be removed
    long waiting = Math.max(0, state.waiting() - replayed.unremoved());
    Instant oldest = waiting == 0 ? null : state.oldest();
    return new Health.Spool(
        waiting,
        state.bytes(),
        state.maxBytes(),
        state.deadLetters(),
        oldest == null ? null : age(oldest),
        told != null);
  }

  private @Nullable SpoolState told() {
    SpoolState atEnd = writer.atEnd();
    if (atEnd != null) {
      return atEnd;
    }
    try {
      SpoolState state = spool.state();
      failures.worked(Failures.Consequence.SPOOL_NOT_SEEN);
      last = state;
      return state;
    } catch (RuntimeException e) {
      failures.containUnlessKnown(Failures.Consequence.SPOOL_NOT_SEEN, e);
      return null;
    }
  }

  private Duration age(Instant oldest) {
    Duration age = Duration.between(oldest, clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }
}
