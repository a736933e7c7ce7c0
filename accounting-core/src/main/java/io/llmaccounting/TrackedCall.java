package io.llmaccounting;

import io.llmaccounting.internal.calls.CallSettings;
import io.llmaccounting.usage.Receipt;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFields;
import java.util.function.Function;

/** A call that has been made and is about to be recorded. Confined to one thread. */
public final class TrackedCall extends UsageFields<TrackedCall> {
  private final CallSettings settings;
  private final Function<TrackedCall, Receipt> tracker;

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
   * refused for quota reasons. Recording the same call again under its id or key changes nothing.
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

  Usage build() {
    return usage(settings::newId, settings.now(), settings.defaults());
  }

  boolean timeIsGiven() {
    return !timeIsDefaulted();
  }
}
