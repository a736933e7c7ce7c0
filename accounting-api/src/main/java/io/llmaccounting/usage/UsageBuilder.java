package io.llmaccounting.usage;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;

/** Builds a {@link Usage} without an accounting, for imports and tests. Confined to one thread. */
public final class UsageBuilder extends UsageFields<UsageBuilder> {
  private final Function<Instant, UUID> ids;
  private final Instant now;

  // made only once it is needed
  private static final class Unguessable {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /**
   * Starts a call made at {@code now} unless {@link #at} says otherwise, with an id that is made
   * when it is built. Whoever may build the same call again states its id or its key.
   */
  public UsageBuilder(Instant now) {
    this(now, at -> UsageId.create(at, Unguessable.RANDOM));
  }

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
