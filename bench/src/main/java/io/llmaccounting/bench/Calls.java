package io.llmaccounting.bench;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Made-up calls: 20 projects, 10 models of 3 providers, 5,000 users, each of one project. In any
 * quarter hour 200 users are at work, with two models each. The same seed makes the same calls, all
 * but their times and ids. Confined to one thread.
 */
final class Calls {
  private static final int PROJECTS = 20;
  private static final int MODELS = 10;
  private static final int USERS = 5_000;
  private static final int AT_WORK = 200;
  private static final long QUARTER_HOUR = 900_000_000L;
  private static final String[] PROVIDERS = {"openai", "anthropic", "gcp.gemini"};
  private static final String[] NAMES = {
    "gpt-5", "claude-sonnet-4-5", "gemini-2.5-pro", "gpt-5-mini", "claude-haiku-4-5",
    "gemini-2.5-flash", "gpt-5-nano", "claude-opus-4-1", "gemini-2.5-flash-lite", "o4-mini"
  };

  private final SplittableRandom random;

  Calls(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The next call, made at this instant: microseconds since 1970. */
  PlainRow next(long at) {
    long worker = at / QUARTER_HOUR * AT_WORK + random.nextInt(AT_WORK);
    int user = Math.floorMod(mix(worker), USERS);
    int model = (user / PROJECTS + (random.nextInt(5) == 0 ? 3 : 0)) % MODELS;
    long input = 200L + random.nextInt(4_000);
    long cached = random.nextInt(3) == 0 ? input / 2 : 0;
    long output = 20L + random.nextInt(900);
    long cost = input * 250 + output * 2_000;
    long latency = 300_000 + output * 9_000L + random.nextInt(100_000);
    return new PlainRow(
        UsageId.create(instant(at), random),
        new long[] {
          at, input - cached, cached, 0, 0, 0, output, 0, 0, cost, latency, at, at + latency
        },
        new String[] {
          NAMES[model],
          PROVIDERS[model % PROVIDERS.length],
          "chat",
          TokenSource.REPORTED.name(),
          Outcome.SUCCEEDED.name(),
          "stop",
          "project-" + user % PROJECTS,
          "user-" + user,
          "app-" + user % 7
        });
  }

  private static int mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed ^ mixed >>> 31);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** The same call by the user of this number. */
  static PlainRow byUser(PlainRow row, long user) {
    String[] texts = row.texts().clone();
    texts[7] = "user-" + user;
    return new PlainRow(row.id(), row.numbers(), texts);
  }

  /** The same call as the one that was held under this id, and made when it was held. */
  static Usage settled(PlainRow row, UUID hold) {
    long[] numbers = row.numbers().clone();
    numbers[PlainRecords.OCCURRED_AT] = micros(UsageId.timeOf(hold));
    return usage(new PlainRow(hold, numbers, row.texts()));
  }

  /** The same call as the library's value. */
  static Usage usage(PlainRow row) {
    long[] numbers = row.numbers();
    String[] texts = row.texts();
    return new Usage(
        Objects.requireNonNull(row.id()),
        null,
        instant(numbers[PlainRecords.OCCURRED_AT]),
        texts[0],
        null,
        texts[1],
        texts[2],
        new TokenUsage(numbers[1], numbers[2], 0, 0, 0, numbers[6], 0, 0, null),
        TokenSource.REPORTED,
        null,
        null,
        Map.of(),
        List.of(),
        Cost.ofNanos(numbers[PlainRecords.COST]),
        null,
        null,
        ReportedCostPolicy.PREFER_REPORTED,
        Outcome.SUCCEEDED,
        new CallDetails(
            Duration.of(numbers[PlainRecords.LATENCY], ChronoUnit.MICROS),
            null,
            null,
            texts[5],
            null,
            null,
            null,
            null,
            null,
            null,
            false,
            null,
            null,
            RequestSettings.NONE),
        new Attribution(texts[6], texts[7], texts[8], null, Map.of()));
  }
}
