package io.llmaccounting.tap;

import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.UsageFields;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The call of an annotated method while the method runs. The first metered client inside that asks
 * the same takes it over, as its own call, and ends it; further ones begin theirs. Safe for use by
 * many threads.
 */
final class OfferedCall extends PassedCall {
  private enum Owner {
    NOBODY,
    METHOD,
    CLIENT
  }

  private final LlmCall call;
  private final AtomicReference<Owner> owner = new AtomicReference<>(Owner.NOBODY);
  private volatile boolean otherAsked;
  private volatile boolean told;

  OfferedCall(LlmCall call) {
    super(call);
    this.call = call;
  }

  /**
   * Hands the call over to a client that is about to ask {@code asked}.
   *
   * @return null if it is to begin a call of its own: another has this one, or other limits are to
   *     be asked
   */
  @Nullable LlmCall takenFor(CallRequest asked) {
    CallRequest admitted = call.request();
    if (isText(asked.operation()) != isText(admitted.operation())) {
      return null;
    }
    if (!asked.model().equals(admitted.model())
        || differ(asked.provider(), admitted.provider())
        || differ(asked.attribution(), admitted.attribution())) {
      otherAsked = true;
      return null;
    }
    return owner.compareAndSet(Owner.NOBODY, Owner.CLIENT)
        ? call.describe(record -> describe(record, asked))
        : null;
  }

  /** Texts to embed are asked of another model beside the question; that is not the answer. */
  private static boolean isText(@Nullable String operation) {
    return operation == null
        || operation.equals("chat")
        || operation.equals("generate_content")
        || operation.equals("text_completion");
  }

  private static boolean differ(Attribution asked, Attribution admitted) {
    return isNew(asked.project(), admitted.project())
        || isNew(asked.user(), admitted.user())
        || isNew(asked.caller(), admitted.caller())
        || isNew(asked.session(), admitted.session())
        || !admitted.tags().entrySet().containsAll(asked.tags().entrySet());
  }

  /** Limits on who calls were not asked for somebody who was not known. */
  private static boolean isNew(@Nullable String asked, @Nullable String admitted) {
    return asked != null && !asked.equals(admitted);
  }

  private static boolean differ(@Nullable String asked, @Nullable String admitted) {
    return asked != null && admitted != null && !asked.equals(admitted);
  }

  /** What the client knows beside what was admitted. */
  private static void describe(UsageFields<?> record, CallRequest asked) {
    record.attribution(asked.attribution());
    if (asked.provider() != null) {
      record.provider(asked.provider());
    }
    if (asked.operation() != null) {
      record.operation(asked.operation());
    }
    if (asked.serviceTier() != null) {
      record.serviceTier(asked.serviceTier());
    }
    if (asked.batch()) {
      record.batch();
    }
    if (asked.region() != null) {
      record.region(asked.region());
    }
    if (asked.key() != null) {
      record.key(asked.key());
    }
  }

  /** Keeps the call for the method, whose end is about to be told; false if a client has it. */
  boolean keep() {
    return owner.compareAndSet(Owner.NOBODY, Owner.METHOD) || owner.get() == Owner.METHOD;
  }

  /**
   * Whether the method has made the call that was admitted. It has not where clients inside have
   * asked something else, because what the method returns is theirs, unless it has told this call
   * what it used.
   */
  boolean isMade() {
    return told || !otherAsked;
  }

  @Override
  public LlmCall answered(ModelAnswer answer) {
    told = true;
    return super.answered(answer);
  }

  /** Nobody finds it who would add to the call of another. */
  @Override
  public boolean isEnded() {
    return owner.get() != Owner.NOBODY || call.isEnded();
  }
}
