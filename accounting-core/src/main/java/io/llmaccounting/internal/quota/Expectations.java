package io.llmaccounting.internal.quota;

import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.pricing.Pricing;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Completes what a caller expects of a call: by the request itself, else the configured default,
 * else what was learned from recent calls of the model, else a fixed figure; never by the amount
 * that happens to be left. Safe for use by many threads.
 */
public final class Expectations {
  /** Assumed input tokens where nothing else is known. */
  public static final long ASSUMED_INPUT_TOKENS = 1_000;

  /** Assumed output tokens where nothing else is known. */
  public static final long ASSUMED_OUTPUT_TOKENS = 1_000;

  private final @Nullable Long defaultInput;
  private final @Nullable Long defaultOutput;
  private final TokenEstimates learned;
  private final Pricing pricing;

  /** Completes by these defaults, where not null, then by what was learned. */
  public Expectations(
      @Nullable Long defaultInput,
      @Nullable Long defaultOutput,
      TokenEstimates learned,
      Pricing pricing) {
    this.defaultInput = defaultInput;
    this.defaultOutput = defaultOutput;
    this.learned = learned;
    this.pricing = pricing;
  }

  /** Says what {@code request}, made at {@code at}, is expected to consume. */
  public Expectation of(CallRequest request, Instant at) {
    long input =
        first(
            request.inputTokens(),
            defaultInput,
            () -> learned.input(request.model()).orElse(ASSUMED_INPUT_TOKENS));
    long output =
        first(
            request.maxOutputTokens(),
            defaultOutput,
            () -> learned.output(request.model()).orElse(ASSUMED_OUTPUT_TOKENS));
    Cost cost = cost(request, input, output, at);
    boolean guessedInput = request.inputTokens() == null && defaultInput == null;
    boolean guessedOutput = request.maxOutputTokens() == null && defaultOutput == null;
    if (!guessedInput && !guessedOutput) {
      return new Expectation(input, output, cost);
    }
    long stated = Long.MAX_VALUE;
    if (request.cost() == null && cost != null) {
      Cost least =
          priced(pricing, request, guessedInput ? 0 : input, guessedOutput ? 0 : output, at);
      stated = least == null ? 0 : least.nanos();
    }
    return new Expectation(
        input, output, cost, new Expectation.Guess(guessedInput, guessedOutput, stated));
  }

  private static long first(@Nullable Long said, @Nullable Long configured, LongSupplier learned) {
    return said != null ? said : configured != null ? configured : learned.getAsLong();
  }

  private @Nullable Cost cost(CallRequest request, long input, long output, Instant at) {
    return request.cost() != null ? request.cost() : priced(pricing, request, input, output, at);
  }

  /** The cost of so many tokens of such a call; null where prices do not tell. */
  static @Nullable Cost priced(
      Pricing pricing, CallRequest request, long input, long output, Instant at) {
    PricedCall call =
        new PricedCall(
            at,
            request.provider(),
            request.model(),
            null,
            TokenUsage.of(input, output),
            Map.of(),
            List.of(),
            request.serviceTier(),
            null,
            request.batch(),
            request.region(),
            request.attribution().project());
    return pricing.price(call).map(PricedCost::cost).orElse(null);
  }
}
