package io.llmaccounting.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Decision;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitBuilder;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.Reservation;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.Window;
import io.llmaccounting.testing.ReferenceCounter;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** One random history of several limits and callers; everything it does has names of its own. */
final class RandomHistory {
  private static final Duration EXACT = Duration.ofNanos(1_000);

  private static final TokenWeights WEIGHTS = TokenWeights.of("1", "4").cacheRead("0.1");

  private final AcceptanceTest test;
  private final long seed;
  private final Random random;
  private final Map<String, Limit> limits = new TreeMap<>();
  private final Map<String, ReferenceCounter> counters = new LinkedHashMap<>();
  private final List<Open> open = new ArrayList<>();
  private final Set<UUID> estimated = new HashSet<>();

  /** A call that expects nothing of a cache, and reads some of its input from one. */
  private record Call(String user, long input, long cached, long output, long nanos) {
    long expected(Limit limit) {
      return switch (limit.metric()) {
        case REQUESTS, CONCURRENT -> 1;
        case INPUT_TOKENS, UNCACHED_INPUT_TOKENS -> input;
        case OUTPUT_TOKENS -> output;
        case TOTAL_TOKENS -> input + output;
        case WEIGHTED_TOKENS -> 1_000 * input + 4_000 * output;
        case COST -> nanos;
      };
    }

    long consumed(Limit limit) {
      return switch (limit.metric()) {
        case UNCACHED_INPUT_TOKENS -> input - cached;
        case WEIGHTED_TOKENS -> 1_000 * (input - cached) + 100 * cached + 4_000 * output;
        case CONCURRENT -> 0;
        default -> expected(limit);
      };
    }

    Call asExpected() {
      return new Call(user, input, 0, output, nanos);
    }
  }

  private record Open(
      HeldCall hold,
      Call call,
      Instant at,
      long expires,
      Map<String, ReferenceCounter.Hold> held) {}

  RandomHistory(AcceptanceTest test, long seed, Random random) {
    this.test = test;
    this.seed = seed;
    this.random = random;
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      save(limit("history " + seed + " limit " + i));
    }
  }

  private void save(Limit limit) {
    limits.put(limit.name(), test.save(limit));
  }

  private Limit limit(String name) {
    LimitBuilder who = Limit.named(name).project("project-" + seed);
    switch (random.nextInt(4)) {
      case 0 -> who.eachUser();
      case 1 -> who.user(name("ab"));
      case 2 -> who.where(Dimension.USER, Match.prefix("a"));
      default -> who.model("m");
    }
    Metric metric = Metric.values()[random.nextInt(Metric.values().length)];
    long unit =
        switch (metric) {
          case REQUESTS, CONCURRENT -> 1;
          case COST -> 1_000_000;
          case WEIGHTED_TOKENS -> 250_000;
          default -> 100;
        };
    if (metric == Metric.CONCURRENT) {
      return who.concurrentCalls(random.nextInt(4));
    }
    TokenWeights weights = metric == Metric.WEIGHTED_TOKENS ? WEIGHTS : null;
    LimitBuilder.Allowance allowance = who.of(metric, unit * random.nextInt(40), weights);
    return switch (random.nextInt(4)) {
      case 0 -> allowance.rolling(Duration.ofSeconds(1 + random.nextInt(100))).withGrain(EXACT);
      case 1 -> allowance.rollingMonths(1).withGrain(EXACT);
      case 2 -> allowance.over(calendar());
      default -> allowance.lifetime();
    };
  }

  private Window calendar() {
    Window.Calendar window =
        new Window.Calendar(
            1 + random.nextInt(5),
            CalendarUnit.values()[random.nextInt(CalendarUnit.values().length)],
            ZoneId.of("America/St_Johns"));
    return switch (window.unit()) {
      case SECOND, MINUTE, HOUR -> window;
      case MONTH -> window.startingOn(1 + random.nextInt(31));
      default -> window.startingAt(LocalTime.of(random.nextInt(24), random.nextInt(60)));
    };
  }

  private String name(String letters) {
    return letters.charAt(random.nextInt(letters.length())) + "-" + seed;
  }

  int play(int operations) {
    for (int i = 0; i < operations; i++) {
      if (random.nextInt(3) > 0) {
        test.clock.advance(Duration.of(random.nextInt(4_000_000), ChronoUnit.MICROS));
      }
      switch (random.nextInt(12)) {
        case 0, 1 -> track();
        case 2, 3, 4, 5 -> end();
        case 6 -> changeMaximum();
        default -> reserve();
      }
      expire();
    }
    return operations;
  }

  /** Whoever looks books what has expired, with what was expected as an estimate. */
  private void expire() {
    boolean any = false;
    for (Open one : open) {
      if (micros(now()) >= one.expires() && estimated.add(one.hold().id())) {
        charge(one.call().asExpected(), one.at());
        any = true;
      }
    }
    if (any) {
      test.accounting().tail(UsageFilter.all(), 1);
    }
  }

  private Call call() {
    int input = random.nextInt(300);
    return new Call(
        random.nextInt(8) == 0 ? null : name("abc"),
        input,
        random.nextInt(input + 1),
        random.nextInt(300),
        random.nextInt(3_000_000));
  }

  private void track() {
    Call call = call();
    Instant at = now().minusMillis(random.nextBoolean() ? 0 : random.nextInt(20_000));
    test.accounting().track(usage(UsageId.create(at, random), at, call));
    charge(call, at);
  }

  private void charge(Call call, Instant at) {
    watching(call)
        .forEach((name, limit) -> counter(limit, call).charge(micros(at), call.consumed(limit)));
  }

  private void end() {
    if (open.isEmpty()) {
      return;
    }
    Open ended = open.remove(random.nextInt(open.size()));
    ended.held().forEach((name, hold) -> counter(limits.get(name), ended.call()).release(hold));
    if (random.nextInt(4) == 0) {
      ended.hold().release();
      return;
    }
    if (estimated.contains(ended.hold().id())) {
      watching(ended.call())
          .forEach(
              (name, limit) ->
                  counter(limit, ended.call())
                      .uncharge(micros(ended.at()), ended.call().asExpected().consumed(limit)));
    }
    long factor = 1 + random.nextInt(3);
    Call actual =
        new Call(
            ended.call().user(),
            ended.call().input() * factor / 2,
            ended.call().cached() * factor / 2,
            ended.call().output() * factor / 2,
            ended.call().nanos() * factor / 2);
    ended.hold().settle(usage(ended.hold().id(), ended.at(), actual));
    charge(actual, ended.at());
  }

  private void changeMaximum() {
    Limit limit = List.copyOf(limits.values()).get(random.nextInt(limits.size()));
    if (limit.maximum() > 0) {
      save(limit.withMaximum(1 + random.nextLong(2 * limit.maximum())));
    }
    counters.replaceAll((key, counter) -> counter.withMaximumOf(limits.get(counter.limitName())));
  }

  private void reserve() {
    Call call = call();
    Duration lives = Duration.ofSeconds(1 + random.nextInt(60));
    Reservation reservation = test.accounting().quotas().reserve(request(call).holdFor(lives));
    Map<String, Long> refusing = new TreeMap<>();
    watching(call)
        .forEach(
            (name, limit) -> {
              ReferenceCounter counter = counter(limit, call);
              if (!counter.fits(call.expected(limit), micros(now()))) {
                refusing.put(name, counter.fitsAt(call.expected(limit), micros(now())));
              }
            });
    compare(reservation.decision(), refusing);
    reservation.hold().ifPresent(hold -> hold(hold, call, lives));
    expire();
    compareStatus(call);
  }

  private void compare(Decision decision, Map<String, Long> refusing) {
    assertThat(decision.isAdmitted())
        .as("seed %d: %s", seed, decision)
        .isEqualTo(refusing.isEmpty());
    if (decision instanceof Decision.Denied denied) {
      Map<String, Long> said = new TreeMap<>();
      for (Exceeded exceeded : denied.exceeded()) {
        said.put(
            exceeded.status().limit().name(),
            exceeded.fitsAt().map(RandomHistory::micros).orElse(ReferenceCounter.NEVER));
      }
      assertThat(said).as("seed %d", seed).isEqualTo(refusing);
    }
  }

  private void hold(HeldCall hold, Call call, Duration lives) {
    long expires = (micros(now().plus(lives)) + 999_999) / 1_000_000 * 1_000_000;
    Map<String, ReferenceCounter.Hold> held = new LinkedHashMap<>();
    watching(call)
        .forEach(
            (name, limit) -> {
              ReferenceCounter.Hold one =
                  new ReferenceCounter.Hold(
                      hold.id(), micros(now()), expires, call.expected(limit));
              counter(limit, call).hold(one);
              held.put(name, one);
            });
    open.add(new Open(hold, call, now(), expires, held));
  }

  private void compareStatus(Call call) {
    for (LimitStatus status : test.accounting().quotas().status(request(call))) {
      ReferenceCounter counter = counter(status.limit(), call);
      assertThat(status.used()).as("seed %d", seed).isEqualTo(counter.used(micros(now())));
      assertThat(status.held()).as("seed %d", seed).isEqualTo(counter.held(micros(now())));
    }
  }

  private Map<String, Limit> watching(Call call) {
    CallRequest request = request(call);
    Map<String, Limit> watching = new TreeMap<>();
    limits.forEach(
        (name, limit) -> {
          if (limit.watches(request.model(), null, request.attribution())) {
            watching.put(name, limit);
          }
        });
    return watching;
  }

  private ReferenceCounter counter(Limit limit, Call call) {
    Match user = limit.who().get(Dimension.USER);
    boolean each = user != null && user.kind() == Match.Kind.EACH;
    return counters.computeIfAbsent(
        limit.name() + (each ? "/" + call.user() : ""),
        key -> new ReferenceCounter(limits.get(limit.name()), Duration.ZERO));
  }

  private CallRequest request(Call call) {
    CallRequest request =
        CallRequest.to("m")
            .project("project-" + seed)
            .inputTokens(call.input())
            .maxOutputTokens(call.output())
            .cost(Cost.ofNanos(call.nanos()));
    return call.user() == null ? request : request.user(call.user());
  }

  private Usage usage(UUID id, Instant at, Call call) {
    UsageBuilder usage =
        new UsageBuilder(at, any -> id)
            .id(id)
            .at(at)
            .model("m")
            .project("project-" + seed)
            .tokens(
                TokenUsage.cacheIncluded()
                    .input(call.input())
                    .cacheRead(call.cached())
                    .output(call.output())
                    .build())
            .cost(Cost.ofNanos(call.nanos()));
    return call.user() == null ? usage.build() : usage.user(call.user()).build();
  }

  private Instant now() {
    return test.clock.instant();
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
