package io.llmaccounting.testkit;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls by chance that use every field, with names and texts from all corners of Unicode. */
public final class RandomUsage {
  private static final List<TokenSource> TOLD =
      List.of(TokenSource.REPORTED, TokenSource.ESTIMATED, TokenSource.PARTIAL);
  private static final List<String> NAMES =
      List.of(
          "a",
          "A",
          "is each",
          "\u00e4\u00f6\u00fc \u00df",
          "\u6f22\u5b57",
          "\ud83d\ude80\ud83c\uddea\ud83c\uddfa",
          "\u0645\u0631\u062d\u0628\u0627",
          "\u202eright to left",
          "e\u0301 is not \u00e9",
          "quote \" back \\ slash / comma , semi ;",
          "tab\tand\nnewline\r\u0001\u007f",
          "a\u2028line\u2029paragraph",
          "%s ' -- ; DROP TABLE usage_event",
          "{\"kind\":\"end\"}",
          "\uffff\ufeff\u0080");

  private final Random random;
  private final Instant from;

  /** Calls made in the thirty days from {@code from}, the same for the same seed. */
  public RandomUsage(long seed, Instant from) {
    this.random = new Random(seed);
    this.from = from;
  }

  /** The next call; {@code key} is its idempotency key, or null. */
  public Usage next(@Nullable String key) {
    Instant at =
        from.plus(random.nextLong(Duration.ofDays(30).toMillis() * 1_000), ChronoUnit.MICROS);
    TokenUsage tokens = random.nextInt(6) == 0 ? null : tokens();
    return new Usage(
        UsageId.create(at, random),
        key,
        at,
        name(),
        maybe(this::name),
        maybe(this::name),
        maybe(this::name),
        tokens,
        tokens == null ? TokenSource.MISSING : one(TOLD),
        maybe(() -> random.nextLong(1_000)),
        maybe(() -> random.nextLong(TokenUsage.MAX_PART)),
        random.nextBoolean() ? Map.of() : Map.of(name(), random.nextLong(TokenUsage.MAX_PART)),
        tokens == null || random.nextBoolean() ? List.of() : parts(tokens),
        maybe(this::cost),
        maybe(this::cost),
        maybe(() -> new PricedCost(cost(), name(), random.nextBoolean())),
        one(List.of(ReportedCostPolicy.values())),
        one(List.of(Outcome.values())),
        details(),
        new Attribution(
            maybe(this::name), maybe(this::name), maybe(this::name), maybe(this::name), tags()));
  }

  private List<CallPart> parts(TokenUsage whole) {
    TokenUsage half =
        new TokenUsage(
            whole.uncachedInput() / 2,
            whole.cacheRead() / 2,
            whole.cacheWrite5m() / 2,
            whole.cacheWrite1h() / 2,
            whole.audioInput() / 2,
            whole.textOutput() / 2,
            whole.reasoning() / 2,
            whole.audioOutput() / 2,
            null);
    PricedCost price = maybe(() -> new PricedCost(cost(), name(), random.nextBoolean()));
    return List.of(
        new CallPart(name(), maybe(this::name), maybe(this::name), half, price),
        CallPart.of(name(), null, half));
  }

  private TokenUsage tokens() {
    return new TokenUsage(
        part(),
        part(),
        part(),
        part(),
        part(),
        part(),
        part(),
        part(),
        maybe(() -> random.nextLong(1L << 60)));
  }

  private long part() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> 0;
      case 3 -> TokenUsage.MAX_PART;
      default -> random.nextInt(100_000);
    };
  }

  private CallDetails details() {
    return new CallDetails(
        maybe(() -> Duration.of(random.nextLong(5_000_000), ChronoUnit.MICROS)),
        maybe(() -> Duration.of(random.nextLong(900_000), ChronoUnit.MICROS)),
        maybe(random::nextBoolean),
        maybe(this::name),
        maybe(this::name),
        maybe(() -> 1 + random.nextInt(Integer.MAX_VALUE - 1)),
        maybe(this::name),
        maybe(() -> "  " + name() + "\n\n"),
        maybe(this::name),
        maybe(this::name),
        random.nextBoolean(),
        maybe(this::name),
        maybe(() -> "{\"total\": 1}"),
        new RequestSettings(
            maybe(() -> random.nextLong(Long.MAX_VALUE)),
            maybe(random::nextGaussian),
            maybe(random::nextDouble),
            maybe(() -> random.nextLong(1_000)),
            maybe(this::name)));
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      tags.put(name(), name());
    }
    return tags;
  }

  private Cost cost() {
    return switch (random.nextInt(4)) {
      case 0 -> Cost.ZERO;
      case 1 -> Cost.MAX_PER_CALL;
      default -> Cost.ofNanos(random.nextLong(1_000_000_000L));
    };
  }

  private String name() {
    return one(NAMES);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextInt(3) > 0 ? value.get() : null;
  }
}
