package io.llmaccounting.testkit.contract;

import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.testkit.UsageFixtures;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.PricedCost;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.TimeBucket;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Calls and reports by chance, the same for the same seed. Confined to one thread. */
final class RandomCalls {
  /** The nine days around the change to summer time in Europe. */
  private static final Instant FROM = Instant.parse("2026-03-25T00:00:00Z");

  private static final long MICROS = Duration.ofDays(9).toMillis() * 1_000;
  private static final List<String> NAMES = List.of("a", "b", "ab", "A", "a%", "\u00e4");
  private static final List<Dimension> DIMENSIONS =
      List.of(
          Dimension.MODEL,
          Dimension.PROVIDER,
          Dimension.PROJECT,
          Dimension.USER,
          Dimension.CALLER,
          Dimension.SESSION,
          Dimension.tag("team"),
          Dimension.RESPONSE_MODEL,
          Dimension.OPERATION,
          Dimension.OUTCOME,
          Dimension.SOURCE);
  private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
  private static final List<TokenSource> KNOWN =
      List.of(TokenSource.REPORTED, TokenSource.ESTIMATED, TokenSource.PARTIAL);
  private static final List<ReportedCostPolicy> POLICIES = List.of(ReportedCostPolicy.values());
  private static final List<TimeBucket> BUCKETS = List.of(TimeBucket.values());
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("UTC"),
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/New_York"),
          ZoneId.of("Asia/Kathmandu"),
          ZoneId.of("Australia/Lord_Howe"));

  private final Random random;

  RandomCalls(long seed) {
    this.random = new Random(seed);
  }

  List<Usage> calls(int count) {
    List<Usage> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(call());
    }
    return calls;
  }

  private Usage call() {
    CallFixture call = UsageFixtures.aCall().at(instant()).on(name()).outcome(one(OUTCOMES));
    if (random.nextInt(8) == 0) {
      call.withoutTokens();
    } else {
      call.tokens(tokens()).source(one(KNOWN));
    }
    maybe(() -> call.provider(name()));
    maybe(() -> call.project(name()));
    maybe(() -> call.user(name()));
    maybe(() -> call.caller(name()));
    maybe(() -> call.session(name()));
    maybe(() -> call.tag("team", name()));
    maybe(() -> call.responseModel(name()));
    maybe(() -> call.operation(name()));
    maybe(() -> call.cost(Cost.ofNanos(random.nextInt(3) * random.nextLong(1_000_000_000L))));
    maybe(() -> call.reportedCost(Cost.ofNanos(random.nextLong(1_000_000L))));
    maybe(() -> call.latency(Duration.ofNanos(1_000L * random.nextInt(5_000_000))));
    maybe(() -> call.timeToFirstToken(Duration.ofNanos(1_000L * random.nextInt(900_000))));
    maybe(() -> call.localInputTokens(random.nextInt(500)));
    maybe(() -> call.localOutputTokens(random.nextInt(500)));
    Usage usage = call.usage().withCostPolicy(one(POLICIES));
    return random.nextBoolean() ? usage : usage.withComputedCost(price());
  }

  private PricedCost price() {
    return new PricedCost(Cost.ofNanos(random.nextLong(1_000_000L)), "p/1", random.nextBoolean());
  }

  private TokenUsage tokens() {
    return new TokenUsage(part(), part(), part(), part(), part(), part(), part(), part(), null);
  }

  private long part() {
    return random.nextBoolean() ? 0 : random.nextInt(100_000);
  }

  private void maybe(Runnable action) {
    if (random.nextInt(3) > 0) {
      action.run();
    }
  }

  private String name() {
    return one(NAMES);
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Often on the edge of a quarter of an hour, or a microsecond before one. */
  private Instant instant() {
    Instant any = FROM.plus(random.nextLong(MICROS), ChronoUnit.MICROS);
    Instant edge =
        any.truncatedTo(ChronoUnit.HOURS).plus(random.nextInt(4) * 15L, ChronoUnit.MINUTES);
    return switch (random.nextInt(4)) {
      case 0 -> edge;
      case 1 -> edge.minus(1, ChronoUnit.MICROS).isBefore(FROM) ? edge : edge.minusNanos(1_000);
      default -> any;
    };
  }

  ReportQuery query() {
    List<Dimension> by = new ArrayList<>(DIMENSIONS);
    Collections.shuffle(by, random);
    return new ReportQuery(
        period(), filter(), by.subList(0, random.nextInt(4)), bucket(), one(ZONES), false);
  }

  private @Nullable TimeBucket bucket() {
    return random.nextBoolean() ? null : one(BUCKETS);
  }

  private TimeRange period() {
    Instant one = instant();
    Instant other = instant();
    if (one.equals(other)) {
      return TimeRange.always();
    }
    return one.isBefore(other) ? new TimeRange(one, other) : new TimeRange(other, one);
  }

  private UsageFilter filter() {
    UsageFilter filter = UsageFilter.all();
    for (int i = random.nextInt(3); i > 0; i--) {
      Dimension dimension = one(DIMENSIONS);
      filter =
          filter.with(
              dimension,
              switch (random.nextInt(3)) {
                case 0 -> Match.is(name());
                case 1 -> Match.prefix(name());
                default -> Match.absent();
              });
    }
    return random.nextInt(6) == 0 ? filter.unpriced() : filter;
  }
}
