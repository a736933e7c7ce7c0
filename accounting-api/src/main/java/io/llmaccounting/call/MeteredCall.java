package io.llmaccounting.call;

import io.llmaccounting.limit.Decision;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFields;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A call that a layer further out has begun and is going to end. A layer inside of it finds it in
 * the {@link CallContext}, begins none of its own, and adds what it knows. Safe for use by many
 * threads.
 */
public interface MeteredCall {
  /** The hold's id, which becomes that of the record. */
  UUID id();

  /** Adds to the record what the ends do not say, for instance extras. */
  MeteredCall describe(Consumer<UsageFields<?>> more);

  /**
   * One more request is sent to the provider: the first one, or a retry. Only the layer next to the
   * network says so. What was counted stands unless {@link #describe} says how many there were.
   */
  MeteredCall attempted();

  /** The first token of a streamed answer has arrived; only the first that is told counts. */
  MeteredCall firstToken();

  /**
   * The answer as this layer has read it. Of several layers that tell of one attempt, the first is
   * the one next to the network and reads most exactly: others only fill what it left open. What an
   * end tells replaces it, part by part: an end without tokens leaves those of the answer.
   */
  MeteredCall answered(ModelAnswer answer);

  /**
   * Tells how far a streamed answer has come. Renews the hold when half its time is over, and grows
   * it when the answer outgrows what is held.
   *
   * @param soFar all tokens of the call up to now, not only the latest
   * @return denied if a limit has no room for the growth: stop the stream; what was consumed is
   *     booked all the same when the end is told
   */
  Decision progress(TokenUsage soFar);

  /**
   * Tells how much text of a streamed answer has come, where the provider tells no tokens before
   * the end. Does what {@link #progress} does, with an estimate: four characters a token, until
   * complete answers of the model have told more exactly. A stream that is cut is recorded with it.
   *
   * @param characters all characters of the answer up to now, as {@link String#length} counts them,
   *     not only the latest; at least 0
   * @return as {@link #progress} does
   */
  Decision textSeen(long characters);
}
