package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.UsageFixtures.aCall;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.limit.Window;
import io.llmaccounting.testkit.CallFixture;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.UsageFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Calls of two users under one limit, while the clock leaps ahead and steps back by up to a day.
 */
final class UnsteadyClock {
  private static final int STEPS = 80;
  private static final List<String> USERS = List.of("a", "b");

  private final AcceptanceTest test;
  private final long seed;
  private final Random random;
  private final int maximum;
  private final Duration length;
  private final Limit limit;
  private final List<Open> open = new ArrayList<>();
  private Instant latest;

  private record Open(HeldCall hold, CallFixture call) {}

  UnsteadyClock(AcceptanceTest test, long seed) {
    this.test = test;
    this.seed = seed;
    this.random = new Random(seed);
    this.maximum = 1 + random.nextInt(4);
    int hours = 1 + random.nextInt(3);
    this.length = Duration.ofHours(hours);
    this.latest = test.clock.instant();
    LimitBuilder.Allowance allowance =
        Limit.named("unsteady " + seed).project(project()).eachUser().requests(maximum);
    this.limit =
        test.save(
            random.nextBoolean()
                ? allowance.calendar(hours, CalendarUnit.HOUR, AcceptanceTest.UTC)
                : allowance.rolling(length).withGrain(Duration.ofNanos(1_000)));
  }

  private String project() {
    return "unsteady-" + seed;
  }

  void play() {
    for (int i = 0; i < STEPS; i++) {
      switch (random.nextInt(8)) {
        case 0 -> test.clock.advance(minutes(10 * 60));
        case 1 -> test.clock.advance(minutes(30));
        case 2 -> test.clock.set(latest.minus(minutes(24 * 60 + 1)));
        case 3 -> end();
        default -> call();
      }
      latest = latest.isAfter(test.clock.instant()) ? latest : test.clock.instant();
    }
    open.forEach(one -> one.hold().release());
    USERS.forEach(this::compare);
    test.clock.set(latest);
    boolean unused = test.accounting().limits().delete(limit.name());
  }

  private Duration minutes(int bound) {
    return Duration.ofMinutes(random.nextInt(bound));
  }

  private CallFixture call(String user) {
    return aCall().project(project()).user(user).at(test.clock.instant());
  }

  private void call() {
    CallFixture call = call(USERS.get(random.nextInt(USERS.size())));
    // no hold expires here: what such a call used counts on top of what was admitted meanwhile
    test.accounting()
        .quotas()
        .reserve(call.request().holdFor(Duration.ofDays(7)))
        .hold()
        .ifPresent(
            hold -> {
              open.add(new Open(hold, call));
              if (random.nextInt(3) > 0) {
                end();
              }
            });
  }

  private void end() {
    if (open.isEmpty()) {
      return;
    }
    Open ended = open.remove(random.nextInt(open.size()));
    if (random.nextInt(3) == 0) {
      ended.hold().release();
    } else {
      test.settle(ended.hold(), ended.call());
    }
  }

  private void compare(String user) {
    List<Instant> charged = new ArrayList<>();
    test.backend()
        .usage()
        .scan(
            TimeRange.always(),
            UsageFilter.all().project(project()).user(user),
            (RecordedUsage record) -> charged.add(record.chargedAt()));
    for (Instant from : charged) {
      TimeRange window = window(from);
      assertThat(charged.stream().filter(window::contains).count())
          .as("seed %d, user %s, %s in %s", seed, user, limit, window)
          .isLessThanOrEqualTo(maximum);
    }
  }

  private TimeRange window(Instant charged) {
    long seconds = length.toSeconds();
    Instant from =
        limit.window() instanceof Window.Calendar
            ? Instant.ofEpochSecond(Math.floorDiv(charged.getEpochSecond(), seconds) * seconds)
            : charged;
    return new TimeRange(from, from.plus(length));
  }
}
