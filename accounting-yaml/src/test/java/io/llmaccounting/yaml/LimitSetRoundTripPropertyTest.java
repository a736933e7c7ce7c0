package io.llmaccounting.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.json.limits.LimitSetJson;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitAction;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OutagePolicy;
import io.llmaccounting.limit.TokenWeights;
import io.llmaccounting.limit.UnpricedPolicy;
import io.llmaccounting.limit.Window;
import io.llmaccounting.limit.WindowStart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever limits there are, files of them are read as they were written. */
class LimitSetRoundTripPropertyTest {
  private static final int SETS = 300;
  private static final List<String> NAMES =
      List.of(
          "a",
          "500",
          "0.10",
          "true",
          "null",
          "~",
          "- x",
          "a: b",
          "#c",
          "*",
          "bot-*",
          "\"q\"",
          "it's",
          "[a]",
          "{b: c}",
          "&d",
          "!e",
          "%f",
          "@g",
          "`h",
          "x\ny",
          "tab\there",
          "é",
          "日本",
          "😀",
          "1e3",
          "0x1F",
          "2026-01-01",
          "yes",
          "No",
          "=",
          "<<",
          "?",
          "| z",
          "> z",
          "n\u0085n",
          "x\u2028y",
          "x\u00a0b",
          "back\\slash",
          "a #b",
          "a:",
          ",");

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private Match match() {
    return switch (random.nextInt(4)) {
      case 0 -> Match.each();
      case 1 -> Match.absent();
      case 2 -> Match.prefix(name());
      default -> Match.is(name());
    };
  }

  private Map<Dimension, Match> who() {
    Map<Dimension, Match> who = new HashMap<>();
    List<Dimension> all =
        new ArrayList<>(
            List.of(
                Dimension.MODEL,
                Dimension.PROVIDER,
                Dimension.PROJECT,
                Dimension.USER,
                Dimension.CALLER,
                Dimension.SESSION));
    all.add(Dimension.tag("team"));
    all.add(Dimension.tag("a b"));
    for (Dimension dimension : all) {
      if (random.nextInt(3) == 0) {
        who.put(dimension, match());
      }
    }
    return who;
  }

  private Window window(Metric metric) {
    if (metric == Metric.CONCURRENT) {
      return new Window.Now();
    }
    return switch (random.nextInt(4)) {
      case 0 ->
          new Window.Rolling(Duration.ofNanos(1_000L * (1_000 + random.nextInt(900_000_000))));
      case 1 -> new Window.RollingMonths(1 + random.nextInt(36));
      case 2 -> new Window.Lifetime();
      default -> calendar();
    };
  }

  private Window calendar() {
    CalendarUnit unit = any(List.of(CalendarUnit.values()));
    ZoneId zone = ZoneId.of(any(List.of("UTC", "Europe/Berlin", "+05:30", "Z", "America/Lima")));
    WindowStart start =
        switch (unit) {
          case DAY -> new WindowStart(1, 1, time());
          case WEEK -> new WindowStart(1, 1 + random.nextInt(7), time());
          case MONTH -> new WindowStart(1, 1 + random.nextInt(31), time());
          case YEAR -> new WindowStart(1 + random.nextInt(12), 1 + random.nextInt(29), time());
          default -> WindowStart.OF_UNIT;
        };
    return new Window.Calendar(1 + random.nextInt(100), unit, zone, start);
  }

  private LocalTime time() {
    return random.nextBoolean()
        ? LocalTime.MIDNIGHT
        : LocalTime.of(random.nextInt(24), random.nextInt(60));
  }

  private long amount() {
    return 1 + (random.nextLong() >>> (20 + random.nextInt(40)));
  }

  /** A limit, or null where what was drawn does not fit together. */
  private Limit limit(int number) {
    Metric metric = any(List.of(Metric.values()));
    boolean unlimited = random.nextInt(8) == 0;
    TreeSet<Integer> alerts = new TreeSet<>();
    while (random.nextInt(3) == 0) {
      alerts.add(1 + random.nextInt(1_000));
    }
    try {
      return new Limit(
          name() + " " + number,
          who(),
          metric,
          unlimited ? Limit.UNLIMITED : random.nextInt(10) == 0 ? 0 : amount(),
          window(metric),
          any(List.of(LimitAction.values())),
          alerts,
          random.nextBoolean() ? OutagePolicy.FAIL_CLOSED : OutagePolicy.failOpen(amount()),
          any(
              List.of(
                  UnpricedPolicy.DENY,
                  UnpricedPolicy.ADMIT,
                  UnpricedPolicy.charge(Cost.ofNanos(amount())))),
          random.nextInt(4) == 0 ? Duration.ofMillis(1 + random.nextInt(5_000)) : null,
          metric == Metric.WEIGHTED_TOKENS ? TokenWeights.of("1", "2.5").reasoning("3") : null,
          random.nextInt(4) == 0 ? Duration.ofMillis(1_000 + random.nextInt(9_000)) : null);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private LimitSet set() {
    List<Limit> limits = new ArrayList<>();
    for (int number = 0; number < 40; number++) {
      Limit limit = limit(number);
      if (limit != null) {
        limits.add(limit);
      }
    }
    return new LimitSet(name(), limits);
  }

  @Test
  void readsWhatItWrites() throws IOException {
    int limits = 0;
    for (int number = 0; number < SETS; number++) {
      LimitSet set = set();
      limits += set.limits().size();
      String yaml = LimitSetYaml.text(set);
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      LimitSetJson.write(json, set);

      assertThat(LimitSetYaml.read(yaml)).as("seed %d%n%s", seed, yaml).isEqualTo(set);
      assertThat(LimitSetJson.read(new ByteArrayInputStream(json.toByteArray())))
          .as("seed %d", seed)
          .isEqualTo(set);
    }
    assertThat(limits).as("seed %d", seed).isGreaterThan(SETS);
  }
}
