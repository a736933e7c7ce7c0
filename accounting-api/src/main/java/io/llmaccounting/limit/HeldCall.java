package io.llmaccounting.limit;

import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.time.Instant;
import java.util.UUID;

/** A hold on every limit that watches a call, until it is settled or released. Thread-safe. */
public interface HeldCall extends AsyncHold {
  /** The hold's id, which becomes the id of the usage record. */
  UUID id();

  /**
   * Raises what is held to what {@code total} expects of the whole call; what is held already is
   * never lowered. Stating the total, not the step, makes repeating it harmless.
   *
   * @return denied if a limit has no room for the difference; the hold then stays as it was
   * @throws IllegalStateException if the hold is settled, released or expired
   */
  Decision grow(CallRequest total);

  /**
   * Lets the hold live for its full time from now.
   *
   * @return when it expires now
   * @throws IllegalStateException if the hold is settled, released or expired
   */
  Instant renew();

  /**
   * Books what the call consumed and releases the hold, in one transaction. Never refused for quota
   * reasons; settling again returns the first receipt. What {@code actual} leaves open of provider
   * and attribution is taken from the hold, or from the record where it was settled before.
   *
   * @param actual the record; its id must be the hold's, and what it says of model, provider and
   *     attribution must be what the hold says. A hold that was taken elsewhere is looked up for
   *     that; while the store cannot be reached, it is not compared
   * @throws IllegalArgumentException naming what contradicts the hold; nothing was written
   */
  Receipt settle(Usage actual);

  /**
   * Settles a call that succeeded with {@code answer}; all else is taken from the hold.
   *
   * @throws IllegalStateException if there is neither a hold nor a record of it, for instance
   *     because it was released
   */
  Receipt settle(ModelAnswer answer);

  /** Settles a call that succeeded, where only the tokens of the answer are known. */
  default Receipt settle(TokenUsage tokens) {
    return settle(ModelAnswer.of(tokens));
  }

  /** Gives back what is held; a hold that is settled, released or expired already stays so. */
  void release();
}
