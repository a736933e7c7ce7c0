package io.llmaccounting.backend;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what sinks have yet to deliver: receivers of what was recorded. Every transaction of the
 * ledger writes down, for each sink that is open, which records it made or adjusted, so that a
 * record is in the outbox exactly if it was booked, whenever the call was made and in whatever
 * order transactions commit. Safe for use by many threads.
 *
 * <p>Methods that name a sink throw {@link UnknownSinkException} where it is not open, unless they
 * say otherwise.
 */
public interface Outbox {
  /** All sinks, by name; a record that waits for a sink twice counts twice. */
  List<SinkState> sinks();

  /**
   * Opens a sink: from now on what is recorded waits for it. Waits for ledger transactions under
   * way.
   *
   * @param from calls made at this instant or later that are recorded already are delivered, too;
   *     null for none of them
   * @return false if it is open; nothing changed
   */
  boolean open(String sink, @Nullable Instant from);

  /**
   * Removes a sink, all that waits for it, and what it refused.
   *
   * @return false if it is not open
   */
  boolean remove(String sink);

  /**
   * Claims a sink for a term, or for another term whoever has it, by the ledger's clock.
   *
   * @param holder who wants to deliver
   * @param term how long nobody else may have it; zero gives it back
   * @return false if somebody else has it
   */
  boolean claim(String sink, UUID holder, Duration term);

  /**
   * The next records for a sink, as they are now, in about the order in which they were recorded.
   * Asked again before {@link #delivered} it returns the same again, as it is then.
   *
   * @param most at least so many are returned if so many wait, and at most 100 more
   */
  OutboxPage next(String sink, int most);

  /**
   * Removes a page from what waits; what was adjusted since the page was read waits anew.
   *
   * @param refused the ids of records that the receiver will never take, with the reason; they are
   *     kept as refused. All others of the page count as delivered
   */
  void delivered(OutboxPage page, Map<UUID, String> refused);

  /** Notes why nothing can be delivered at present; a sink that is not open is left alone. */
  void failed(String sink, String reason);
}
