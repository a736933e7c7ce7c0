package io.llmaccounting.sqlite;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.ReportedCostPolicy;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Many calls in little memory, in order of time, and what a report must say of them. */
final class GeneratedCalls {
  /** A dimension: its values, and which of them each call has. */
  @SuppressWarnings("ArrayRecordComponent") // one byte a call, never compared
  private record Column(List<@Nullable String> values, byte[] of) {}

  /** A row of a report: its bucket and its values. */
  record Key(@Nullable TimeRange bucket, List<@Nullable String> values) {}

  private static final Dimension TAG = Dimension.tag("o'clock \\ \"x\".$y/\u00e9");
  private static final Map<Dimension, List<@Nullable String>> VALUES = values();

  private final Map<Dimension, Column> columns = new LinkedHashMap<>();
  private final Random random;
  private final long[] at;
  private final long[] cost;
  private final int[] input;
  private final int[] latency;

  GeneratedCalls(long seed, int count, TimeRange period) {
    this.random = new Random(seed);
    this.at = new long[count];
    this.cost = new long[count];
    this.input = new int[count];
    this.latency = new int[count];
    Arrays.setAll(at, i -> random.nextLong(micros(period.from()), micros(period.to())));
    Arrays.sort(at);
    VALUES.forEach((dimension, known) -> columns.put(dimension, column(known, count)));
    for (int i = 0; i < count; i++) {
      cost[i] = random.nextInt(10) == 0 ? -1 : random.nextLong(3_000_000_000L);
      input[i] = random.nextInt(20) == 0 ? -1 : random.nextInt(100_000);
      latency[i] = random.nextInt(5) == 0 ? -1 : random.nextInt(60_000_000);
    }
  }

  private static Map<Dimension, List<@Nullable String>> values() {
    Map<Dimension, List<@Nullable String>> values = new LinkedHashMap<>();
    values.put(Dimension.PROJECT, Arrays.asList(null, "search", "sea_ch"));
    values.put(Dimension.USER, Arrays.asList(null, "alice", "bot-1", "Bot-1"));
    values.put(Dimension.MODEL, List.of("gpt-5", "gpt-5-mini", "claude-opus-5", "gemini-3-pro"));
    values.put(Dimension.CALLER, Arrays.asList(null, "ranker"));
    values.put(Dimension.OPERATION, Arrays.asList(null, "chat", "embeddings"));
    values.put(Dimension.SESSION, Arrays.asList(null, "s1", "s2", "s3"));
    values.put(Dimension.OUTCOME, List.of("SUCCEEDED", "FAILED", "CANCELLED", "UNFINISHED"));
    values.put(TAG, Arrays.asList(null, "prod", "test"));
    return values;
  }

  private Column column(List<@Nullable String> known, int count) {
    byte[] of = new byte[count];
    for (int i = 0; i < count; i++) {
      of[i] = (byte) random.nextInt(known.size());
    }
    return new Column(known, of);
  }

  /** The dimensions that calls differ in. */
  static List<Dimension> dimensions() {
    return List.copyOf(VALUES.keySet());
  }

  /** A value that some calls have, or null. */
  static @Nullable String anyValue(Dimension dimension, Random random) {
    List<@Nullable String> known = VALUES.get(dimension);
    return known.get(random.nextInt(known.size()));
  }

  List<Usage> usages(int from, int to) {
    List<Usage> usages = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      usages.add(usage(i));
    }
    return usages;
  }

  private Usage usage(int i) {
    Instant occurredAt = Instant.EPOCH.plus(at[i], ChronoUnit.MICROS);
    UUID id = UsageId.create(occurredAt, random);
    String tag = value(TAG, i);
    return new Usage(
        id,
        null,
        occurredAt,
        value(Dimension.MODEL, i),
        null,
        null,
        value(Dimension.OPERATION, i),
        input[i] < 0 ? null : TokenUsage.of(input[i], input[i] / 7),
        input[i] < 0 ? TokenSource.MISSING : TokenSource.REPORTED,
        null,
        null,
        Map.of(),
        List.of(),
        cost[i] < 0 ? null : Cost.ofNanos(cost[i]),
        null,
        null,
        ReportedCostPolicy.PREFER_REPORTED,
        Outcome.valueOf(value(Dimension.OUTCOME, i)),
        details(latency[i]),
        new Attribution(
            value(Dimension.PROJECT, i),
            value(Dimension.USER, i),
            value(Dimension.CALLER, i),
            value(Dimension.SESSION, i),
            tag == null ? Map.of() : Map.of(TAG.tagName(), tag)));
  }

  private static CallDetails details(int latency) {
    Duration lasted = latency < 0 ? null : Duration.of(latency, ChronoUnit.MICROS);
    return new CallDetails(
        lasted,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        null,
        null,
        RequestSettings.NONE);
  }

  private @Nullable String value(Dimension dimension, int i) {
    Column column = columns.get(dimension);
    return column.values().get(column.of()[i]);
  }

  /** What a report must say: see {@link #add}. */
  Map<Key, long[]> sums(ReportQuery query) {
    Map<Key, long[]> sums = new HashMap<>();
    TimeRange bucket = null;
    for (int i = first(query.period().from()); i < first(query.period().to()); i++) {
      if (query.bucket() != null && (bucket == null || at[i] >= micros(bucket.to()))) {
        bucket = bucket(Instant.EPOCH.plus(at[i], ChronoUnit.MICROS), query);
      }
      if (means(query, i)) {
        List<@Nullable String> values = new ArrayList<>(query.by().size());
        for (Dimension dimension : query.by()) {
          values.add(value(dimension, i));
        }
        add(sums.computeIfAbsent(new Key(bucket, values), added -> new long[6]), i);
      }
    }
    return sums;
  }

  // Calls, unpriced ones, cost, missing ones, input and latencies.
  private void add(long[] sums, int i) {
    sums[0]++;
    sums[1] += cost[i] < 0 ? 1 : 0;
    sums[2] += Math.max(cost[i], 0);
    sums[3] += input[i] < 0 ? 1 : 0;
    sums[4] += Math.max(input[i], 0);
    sums[5] += Math.max(latency[i], 0);
  }

  private boolean means(ReportQuery query, int i) {
    for (Map.Entry<Dimension, Match> match : query.filter().matches().entrySet()) {
      if (!match.getValue().matches(value(match.getKey(), i))) {
        return false;
      }
    }
    Boolean priced = query.filter().priced();
    return priced == null || priced == cost[i] >= 0;
  }

  private static TimeRange bucket(Instant instant, ReportQuery query) {
    TimeRange whole = query.bucket().of(instant, query.zone());
    return new TimeRange(
        Collections.max(List.of(whole.from(), query.period().from())),
        Collections.min(List.of(whole.to(), query.period().to())));
  }

  private int first(Instant from) {
    int found = Arrays.binarySearch(at, micros(from));
    if (found < 0) {
      return -found - 1;
    }
    while (found > 0 && at[found - 1] == at[found]) {
      found--;
    }
    return found;
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
