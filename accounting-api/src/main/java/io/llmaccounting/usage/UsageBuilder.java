package io.llmaccounting.usage;

import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/** Builds a {@link Usage} without an accounting, for imports and tests. Confined to one thread. */
public final class UsageBuilder extends UsageFields<UsageBuilder> {
  private final Function<Instant, UUID> ids;
  private final Instant now;

  /**
   * Starts a call made now.
   *
   * @param now the time of the call unless {@link #at} says otherwise
   * @param ids gives an id for a call made at an instant, see {@link UsageId#create}
   */
  public UsageBuilder(Instant now, Function<Instant, UUID> ids) {
    this.now = now;
    this.ids = ids;
  }

  @Override
  protected UsageBuilder self() {
    return this;
  }

  /**
   * The finished value.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   */
  public Usage build() {
    return usage(ids, now, Attribution.NONE);
  }
}
