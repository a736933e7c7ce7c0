package io.llmaccounting.internal.spool;

import io.llmaccounting.limit.Limit;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The amounts that limits that fail open let through while the store is away. Safe for use by many
 * threads.
 */
public interface OpenRoom {
  /** Nothing is let through, because no spool would keep what was. */
  OpenRoom NONE =
      new OpenRoom() {
        @Override
        public boolean isThere() {
          return false;
        }

        @Override
        public List<Limit> take(UUID call, List<OpenSpending.Part> parts, Instant expires) {
          return parts.stream().map(OpenSpending.Part::limit).toList();
        }

        @Override
        public void renewed(UUID call, Instant expires) {}

        @Override
        public void ended(UUID call) {}
      };

  /** Whether limits may fail open at all. */
  boolean isThere();

  /**
   * Takes all parts for a call, or none.
   *
   * @return the limits that have no amount left; empty if the call may go ahead
   * @throws RuntimeException if the spool cannot keep what was taken; nothing was
   */
  List<Limit> take(UUID call, List<OpenSpending.Part> parts, Instant expires);

  /** Notes that a call goes on and does not expire before {@code expires}. */
  void renewed(UUID call, Instant expires);

  /** Notes that a call has ended without a spooled record: its limits know of it from the store. */
  void ended(UUID call);
}
