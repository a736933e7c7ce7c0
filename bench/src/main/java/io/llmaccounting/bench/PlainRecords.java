package io.llmaccounting.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the rows of calls and their rollups as the library does, by hand. */
final class PlainRecords {
  static final List<String> NUMBERS =
      List.of(
          "occurred_at",
          "uncached_input",
          "cache_read",
          "cache_write_5m",
          "cache_write_1h",
          "audio_input",
          "text_output",
          "reasoning",
          "audio_output",
          "given_cost",
          "latency",
          "charged_at",
          "settled_at");
  static final List<String> TEXTS =
      List.of(
          "model",
          "provider",
          "operation",
          "source",
          "outcome",
          "finish_reason",
          "project",
          "user_name",
          "caller");
  static final int OCCURRED_AT = 0;
  static final int COST = 9;
  static final int LATENCY = 10;

  private static final long QUARTER_HOUR = 900_000_000L;
  private static final long DAY = 86_400_000_000L;
  private static final String[] SUMS =
      ("calls failed cancelled unfinished estimated partial missing unpriced uncached_input"
              + " cache_read cache_write_5m cache_write_1h audio_input text_output reasoning"
              + " audio_output cost local_input_count local_input_sum local_output_count"
              + " local_output_sum latency_count latency_sum first_token_count first_token_sum")
          .split(" ");
  private static final String KEY =
      "family, grain, bucket, project, model, user_name, caller, provider";

  private final PlainTable records;
  private final PlainTable rollups;

  private record Key(
      long family,
      long grain,
      long bucket,
      String project,
      String model,
      String user,
      String caller,
      String provider) {
    static final Comparator<Key> ORDER =
        Comparator.comparingLong(Key::family)
            .thenComparingLong(Key::grain)
            .thenComparingLong(Key::bucket)
            .thenComparing(Key::project)
            .thenComparing(Key::model)
            .thenComparing(Key::user)
            .thenComparing(Key::caller)
            .thenComparing(Key::provider);

    Key ofDay() {
      return new Key(family, DAY, bucket - bucket % DAY, project, model, user, caller, provider);
    }

    Key coarse() {
      return new Key(2, grain, bucket, project, model, "", "", provider);
    }

    PlainRow row(long[] sums) {
      long[] numbers = new long[3 + SUMS.length];
      numbers[0] = family;
      numbers[1] = grain;
      numbers[2] = bucket;
      System.arraycopy(sums, 0, numbers, 3, SUMS.length);
      return new PlainRow(null, numbers, new String[] {project, model, user, caller, provider});
    }
  }

  PlainRecords(Store store) {
    this.records =
        new PlainTable(
            new PlainTable.Columns(
                "usage_event", true, NUMBERS, TEXTS, "", List.of("batch", "late")),
            "");
    List<String> numbers = new ArrayList<>(List.of("family", "grain", "bucket"));
    numbers.addAll(Arrays.asList(SUMS));
    this.rollups =
        new PlainTable(
            new PlainTable.Columns(
                "usage_rollup",
                false,
                numbers,
                List.of("project", "model", "user_name", "caller", "provider"),
                "",
                List.of()),
            Arrays.stream(SUMS)
                .map(sum -> "%1$s = usage_rollup.%1$s + excluded.%1$s".formatted(sum))
                .collect(
                    Collectors.joining(
                        ", ",
                        " ON CONFLICT ("
                            + (store.takesArrays() ? "shard_key, " : "")
                            + KEY
                            + ") DO UPDATE SET ",
                        "")));
  }

  /** Writes all of them; the transaction is the caller's. */
  void write(PlainConnection connection, List<PlainRow> calls) throws SQLException {
    records.insert(connection, calls);
    rollups.insert(connection, sums(calls));
  }

  private static List<PlainRow> sums(List<PlainRow> calls) {
    Map<Key, long[]> finest = new HashMap<>();
    for (PlainRow call : calls) {
      add(finest, finest(call), sums(call));
    }
    Map<Key, long[]> all = new HashMap<>();
    finest.forEach(
        (key, sums) -> {
          add(all, key, sums);
          add(all, key.ofDay(), sums);
          add(all, key.coarse(), sums);
          add(all, key.ofDay().coarse(), sums);
        });
    return all.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Key.ORDER))
        .map(entry -> entry.getKey().row(entry.getValue()))
        .toList();
  }

  private static Key finest(PlainRow call) {
    long at = call.numbers()[OCCURRED_AT];
    String[] texts = call.texts();
    return new Key(
        1, QUARTER_HOUR, at - at % QUARTER_HOUR, texts[6], texts[0], texts[7], texts[8], texts[1]);
  }

  private static long[] sums(PlainRow call) {
    long[] sums = new long[SUMS.length];
    sums[0] = 1;
    System.arraycopy(call.numbers(), 1, sums, 8, 8);
    sums[16] = call.numbers()[COST];
    sums[21] = 1;
    sums[22] = call.numbers()[LATENCY];
    return sums;
  }

  private static void add(Map<Key, long[]> to, Key key, long[] sums) {
    long[] known = to.get(key);
    if (known == null) {
      to.put(key, sums.clone());
      return;
    }
    for (int i = 0; i < sums.length; i++) {
      known[i] += sums[i];
    }
  }
}
