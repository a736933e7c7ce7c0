package io.llmaccounting.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.CounterState;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.testing.ReferenceCounter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Random operations against a model that adds up every record again: a million of them with {@code
 * -Dllm.accounting.test.histories=2800}.
 */
class CounterPropertyTest {
  private static final long START = WindowExit.toMicros(Instant.parse("2024-01-20T10:00:00Z"));
  private static final int HISTORIES = Integer.getInteger("llm.accounting.test.histories", 1_200);
  private static final int MOST_OPERATIONS = 700;

  @Test
  void decidesExactlyLikeTheModelThatAddsUpEveryRecord() {
    long operations = 0;
    for (long seed = 0; seed < HISTORIES; seed++) {
      operations += new History(seed, exactLimit(new Random(seed))).play(Duration.ZERO);
    }

    assertThat(operations).isGreaterThan(HISTORIES * 350L);
  }

  @Test
  void withACoarseGrainNeverAdmitsTooMuchAndRefusesNothingThatOneGrainMoreWouldAdmit() {
    long operations = 0;
    for (long seed = 10_000; seed < 10_000 + HISTORIES / 3; seed++) {
      Limit limit = coarseLimit(new Random(seed));
      operations += new History(seed, limit).play(limit.grain());
    }

    assertThat(operations).isGreaterThan(HISTORIES / 3 * 350L);
  }

  /** faults B3: above some hundred entries the older ones are merged. */
  @Test
  void whenCrowdedNeverAdmitsTooMuchAndRefusesNothingThatOneGrainMoreWouldAdmit() {
    long merged = 0;
    for (long seed = 20_000; seed < 20_300; seed++) {
      Limit limit = crowdedLimit(new Random(seed));
      History history = new History(seed, limit);
      history.crowd();
      history.play(limit.grain());
      merged += history.merged;
    }

    assertThat(merged).isGreaterThan(20_000);
  }

  private static Limit crowdedLimit(Random random) {
    LimitBuilder any = Limit.named("any");
    int maximum = 500 + random.nextInt(90_000);
    return random.nextBoolean()
        ? any.inputTokens(maximum).rolling(Duration.ofMillis(1 + random.nextInt(9_000)))
        : any.inputTokens(maximum).rollingMonths(1 + random.nextInt(3));
  }

  private static Limit exactLimit(Random random) {
    LimitBuilder any = Limit.named("any");
    int maximum = random.nextInt(121);
    return switch (random.nextInt(5)) {
      case 0 -> any.requests(maximum).rolling(Duration.ofMillis(1 + random.nextInt(5_000)));
      case 1 -> any.requests(maximum).rollingMonths(1 + random.nextInt(3));
      case 2 -> any.requests(maximum).lifetime();
      case 3 ->
          any.inputTokens(random.nextInt(3_000))
              .rolling(Duration.ofSeconds(1 + random.nextInt(90)));
      default ->
          any.totalTokens(random.nextInt(3_000))
              .calendar(1 + random.nextInt(9), unit(random), zone(random));
    };
  }

  private static Limit coarseLimit(Random random) {
    LimitBuilder any = Limit.named("any");
    return random.nextBoolean()
        ? rolling(any.inputTokens(random.nextInt(3_000)), random)
        : any.inputTokens(random.nextInt(3_000))
            .rollingMonths(1 + random.nextInt(3))
            .withGrain(Duration.ofHours(24));
  }

  private static Limit rolling(LimitBuilder.Allowance allowance, Random random) {
    Duration length = Duration.ofMillis(1 + random.nextInt(9_000));
    return allowance
        .rolling(length)
        .withGrain(length.dividedBy(100 + random.nextInt(900)).plusNanos(999));
  }

  private static CalendarUnit unit(Random random) {
    return CalendarUnit.values()[random.nextInt(CalendarUnit.values().length)];
  }

  private static ZoneId zone(Random random) {
    String[] zones = {"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"};
    return ZoneId.of(zones[random.nextInt(zones.length)]);
  }

  /** One random history of one counter. */
  private static final class History {
    private final long seed;
    private final Random random;
    private final Limit limit;
    private final ReferenceCounter model;
    private final List<ReferenceCounter.Hold> holds = new ArrayList<>();
    private Counter counter;
    private long now = START;
    private long merged;
    private long step;

    History(long seed, Limit limit) {
      this.seed = seed;
      this.random = new Random(seed ^ 0x5DEECE66DL);
      this.limit = limit;
      this.model = new ReferenceCounter(limit, Duration.ZERO);
      this.counter = Counter.of(limit, CounterState.EMPTY);
    }

    long play(Duration grain) {
      ReferenceCounter lenient = new ReferenceCounter(limit, grain);
      int operations = 100 + random.nextInt(MOST_OPERATIONS - 100);
      if (step == 0) {
        step = typicalStep();
      } else {
        counter.advance(now);
        for (int i = 0; i < 400; i++) {
          charge(now - random.nextLong(60 * step), 1 + random.nextInt(9), lenient);
        }
      }
      for (int i = 0; i < operations; i++) {
        now += random.nextInt(4) == 0 ? 0 : random.nextLong(step);
        counter.advance(now);
        operate(grain, lenient);
        if (random.nextInt(3) == 0) {
          counter = Counter.of(limit, counter.toState());
        }
      }
      return operations;
    }

    /** From now on many fall into one window. */
    void crowd() {
      step = Math.max(2, typicalStep() / 40);
    }

    private long typicalStep() {
      long length =
          limit.window() instanceof io.llmaccounting.limit.Window.Rolling rolling
              ? rolling.length().toNanos() / 1_000
              : Duration.ofDays(3).toNanos() / 1_000;
      return Math.max(2, length / (1 + random.nextInt(60)));
    }

    private void operate(Duration grain, ReferenceCounter lenient) {
      switch (random.nextInt(6)) {
        case 0 -> track(lenient);
        case 1 -> settleOrRelease(lenient);
        default -> reserve(grain, lenient);
      }
    }

    private void track(ReferenceCounter lenient) {
      long charged = Math.max(START, now - (random.nextBoolean() ? 0 : random.nextInt(2_000_000)));
      long amount = limit.metric() == io.llmaccounting.limit.Metric.REQUESTS ? 1 : amount() / 4;
      charge(charged, amount, lenient);
    }

    private void charge(long charged, long amount, ReferenceCounter lenient) {
      counter.charge(charged, amount);
      model.charge(charged, amount);
      lenient.charge(charged, amount);
    }

    private void settleOrRelease(ReferenceCounter lenient) {
      if (holds.isEmpty()) {
        return;
      }
      ReferenceCounter.Hold hold = holds.remove(random.nextInt(holds.size()));
      model.release(hold);
      lenient.release(hold);
      counter.release(counter.leaves(hold.admitted()), hold.expires(), hold.amount());
      if (random.nextBoolean()) {
        long actual = random.nextInt(5) == 0 ? hold.amount() * 2 : hold.amount();
        counter.charge(hold.admitted(), actual);
        model.charge(hold.admitted(), actual);
        lenient.charge(hold.admitted(), actual);
      }
    }

    private void reserve(Duration grain, ReferenceCounter lenient) {
      long amount = amount();
      boolean admitted = counter.fits(amount);
      if (grain.isZero()) {
        assertThat(counter.used()).as("used, seed %d", seed).isEqualTo(model.used(now));
        assertThat(counter.held()).as("held, seed %d", seed).isEqualTo(model.held(now));
        assertThat(admitted).as("admitted, seed %d", seed).isEqualTo(model.fits(amount, now));
      } else {
        merged += counter.grain() > 0 ? 1 : 0;
        assertThat(counter.used())
            .as("used, seed %d", seed)
            .isGreaterThanOrEqualTo(model.used(now));
        assertThat(counter.held())
            .as("held, seed %d", seed)
            .isGreaterThanOrEqualTo(model.held(now));
        assertThat(admitted && !model.fits(amount, now)).as("too much, seed %d", seed).isFalse();
        assertThat(!admitted && !counter.mayHoldExpired() && lenient.fits(amount, now))
            .as("too little, seed %d", seed)
            .isFalse();
      }
      if (admitted) {
        hold(amount, lenient);
      } else {
        retry(grain, amount);
      }
    }

    private void hold(long amount, ReferenceCounter lenient) {
      long expires = (now / 1_000_000 + 1 + random.nextInt(20)) * 1_000_000;
      ReferenceCounter.Hold hold =
          new ReferenceCounter.Hold(new UUID(seed, random.nextLong()), now, expires, amount);
      counter.hold(counter.leaves(now), expires, amount);
      holds.add(hold);
      model.hold(hold);
      lenient.hold(hold);
    }

    private void retry(Duration grain, long amount) {
      long fits = counter.fitsAt(amount);
      if (grain.isZero()) {
        assertThat(fits).as("fits at, seed %d", seed).isEqualTo(model.fitsAt(amount, now));
      }
      if (fits != WindowExit.NEVER) {
        promise(fits);
        assertThat(fitsWhenAskedAt(fits, amount)).as("kept promise, seed %d", seed).isTrue();
        assertThat(fitsWhenAskedAt(fits - 1, amount)).as("not earlier, seed %d", seed).isFalse();
      }
    }

    // never later than when the newest that there can be leaves
    private void promise(long fits) {
      if (limit.window() instanceof io.llmaccounting.limit.Window.Rolling rolling) {
        assertThat(fits)
            .as("no later than a window from now, seed %d", seed)
            .isLessThanOrEqualTo(now + rolling.length().toNanos() / 1_000);
      }
    }

    private boolean fitsWhenAskedAt(long at, long amount) {
      Counter later = Counter.of(limit, counter.toState());
      later.advance(at);
      return later.fits(amount);
    }

    private long amount() {
      return limit.metric() == io.llmaccounting.limit.Metric.REQUESTS
          ? 1
          : random.nextInt(random.nextInt(10) == 0 ? 4_000 : 400);
    }
  }
}
