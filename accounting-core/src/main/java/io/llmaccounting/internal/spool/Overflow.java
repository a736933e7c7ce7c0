package io.llmaccounting.internal.spool;

import io.llmaccounting.health.Health;
import io.llmaccounting.internal.ledger.Begun;
import io.llmaccounting.internal.ledger.PendingRecord;
import java.util.List;

/** Where records go that the ledger does not take now. Safe for use by many threads. */
public interface Overflow extends SpoolService {
  /** There is no spool: records wait for the ledger, or their callers are told. */
  Overflow NONE =
      new Overflow() {
        private static final Health.Spool EMPTY = new Health.Spool(0, 0, 0, 0, null, true);

        @Override
        public boolean keeps() {
          return false;
        }

        @Override
        public void spool(List<PendingRecord> records, boolean inOutage) {
          throw new IllegalStateException("there is no spool");
        }

        @Override
        public Begun<Boolean> begin(List<PendingRecord> records, boolean inOutage) {
          throw new IllegalStateException("there is no spool");
        }

        @Override
        public void booked(List<PendingRecord> records) {}

        @Override
        public Health.Spool fill() {
          return EMPTY;
        }

        @Override
        public OpenRoom openRoom() {
          return OpenRoom.NONE;
        }
      };

  /** Whether records can go here. */
  boolean keeps();

  /**
   * Writes records, durable when it returns.
   *
   * @param inOutage whether they count as let through by limits that fail open
   * @throws io.llmaccounting.backend.SpoolFullException if there is no room
   * @throws io.llmaccounting.backend.BackendException if the spool failed
   * @throws IllegalStateException if nothing {@linkplain #keeps() is kept} here
   */
  void spool(List<PendingRecord> records, boolean inOutage);

  /**
   * Begins to write records, as {@link #spool} does, for a caller that does not wait: what it does
   * not throw, the outcome fails with.
   */
  Begun<Boolean> begin(List<PendingRecord> records, boolean inOutage);

  /**
   * Notes that records were booked directly: the amounts that open limits let through for them are
   * no longer open.
   */
  void booked(List<PendingRecord> records);

  /** Says how full the spool is, or was when it last could tell. */
  Health.Spool fill();

  /** What limits that fail open may let through. */
  OpenRoom openRoom();
}
