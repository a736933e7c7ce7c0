package io.llmaccounting;

import io.llmaccounting.internal.ledger.Given;
import io.llmaccounting.internal.settings.CallSettings;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call that has been made and is about to be recorded. Confined to one thread. */
public final class TrackedCall extends UsageFields<TrackedCall> {
  private final CallSettings settings;
  private final Function<TrackedCall, Receipt> tracker;
  private @Nullable Usage built;
  private boolean unreadTaken;

  TrackedCall(CallSettings settings, Function<TrackedCall, Receipt> tracker) {
    this.settings = settings;
    this.tracker = tracker;
  }

  @Override
  protected TrackedCall self() {
    return this;
  }

  /**
   * Records the call: durable when it returns, and booked on every limit that watches it. Never
   * refused for quota reasons. Repeating it, for instance after an error, records the same call
   * under the same id and counts once; fields that were set since the first time are left out.
   *
   * @return the record's id, its cost, and what remains under each limit
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   * @throws io.llmaccounting.usage.UsageConflictException if another call has the id or key
   * @throws io.llmaccounting.directory.UnknownNameException if names are enforced and one is
   *     unknown
   * @throws io.llmaccounting.backend.BackendException if it could not be stored
   */
  public Receipt record() {
    return tracker.apply(this);
  }

  // the record is kept once it is made: a repetition has the same id and time
  Usage build() {
    if (built == null) {
      built = usage(settings::newId, settings.now(), settings.known());
    }
    return built;
  }

  /** The keys of the answer that nobody understood; returned only once. */
  List<String> takeUnread() {
    List<String> told = unreadTaken ? List.of() : unread();
    unreadTaken = true;
    return told;
  }

  Given given() {
    return timeIsDefaulted() ? Given.DURATIONS : Given.ALL;
  }
}
